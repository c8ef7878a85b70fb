import { expect, test } from '@playwright/test';
import type { GenerationEventView } from '../../server/demo/schema';
import { newVisitor, origin, readToEnd, type Visitor } from './product';

/** Event streams of tRPC as tRPC's own client reads them, and as bytes. */
let visitor: Visitor;
test.beforeAll(async () => {
  visitor = await newVisitor();
});

interface Told {
  id: number;
  type: GenerationEventView['type'];
}

/** Follows a job until its stream completes, or until `enough` lets go of it. */
function follow(id: string, { after, enough }: { after?: number; enough?: (told: Told) => boolean } = {}) {
  return new Promise<Told[]>((resolve, reject) => {
    const all: Told[] = [];
    const lastEventId = after === undefined ? undefined : String(after);
    const stream = visitor.trpc.demo.events.subscribe(
      { id, lastEventId },
      {
        onData(event) {
          const told = { id: Number(event.id), type: event.data.type };
          all.push(told);
          if (!enough?.(told)) return;
          stream.unsubscribe();
          resolve(all);
        },
        onComplete: () => resolve(all),
        onError: reject,
      },
    );
  });
}

const submit = () =>
  visitor.trpc.demo.submit.mutate({ task: 'generate', prompt: 'a photo of a horse', steps: 12, seed: 3 });

test('a job is followed to its end, and what was missed meanwhile is told after the last event', async () => {
  const { id } = await submit();
  const first = await follow(id, { enough: ({ type }) => type === 'step' });
  const last = first.at(-1)?.id ?? 0;
  const rest = await follow(id, { after: last });
  expect(rest.at(-1)?.type).toBe('end');
  const ids = [...first, ...rest].map((told) => told.id);
  expect(ids).toEqual(Array.from(ids, (_, index) => index + 1));
  expect(await follow(id)).toEqual([...first, ...rest]);

  // As a browser comes back: with a header, and the body ends.
  const url = `${origin}/api/trpc/demo.events?input=${encodeURIComponent(JSON.stringify({ json: { id } }))}`;
  const headers = { cookie: visitor.cookie, 'last-event-id': String(last) };
  const body = (await readToEnd(await fetch(url, { headers }))).toString();
  expect([...body.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))).toEqual(
    rest.map((told) => told.id),
  );
  expect(body).toMatch(/event: return\ndata: \n\n\n$/);
});

test('the stream of a run that is over ends', async () => {
  const { items } = await visitor.trpc.runs.list.query({ limit: 1 });
  const id = items[0]?.id ?? '';
  await new Promise<void>((resolve, reject) =>
    visitor.trpc.runs.follow.subscribe({ id }, { onComplete: resolve, onError: reject }),
  );
});

test('a stream that is refused ends with the reason', async () => {
  const other = await newVisitor();
  const { id } = await submit();
  const refused = new Promise((_, reject) =>
    other.trpc.demo.events.subscribe(
      { id },
      { onError: reject, onComplete: () => reject(new Error('ended')) },
    ),
  );
  await expect(refused).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  await visitor.trpc.demo.cancel.mutate({ id });
});
