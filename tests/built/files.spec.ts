import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import { makeBenchmark, makeRun, verdictRubric } from '../browser/review-data';
import { makeSession } from '../browser/sign-in';
import { newVisitor, origin, picture, readToEnd, visitorWith, type Visitor } from './product';

/** What the built product gives and takes as files, whole. */
let visitor: Visitor;
test.beforeAll(async () => {
  visitor = await newVisitor();
});

const get = (path: string, { cookie } = visitor) => fetch(`${origin}${path}`, { headers: { cookie } });
async function fileAt(path: string, type: string, by = visitor) {
  const answer = await get(path, by);
  const body = await readToEnd(answer);
  expect(answer.status, body.toString().slice(0, 200)).toBe(200);
  expect(answer.headers.get('content-type')).toContain(type);
  return body;
}
const send = (path: string, body: Buffer, { cookie } = visitor) =>
  fetch(`${origin}${path}`, { method: 'POST', headers: { cookie, origin }, body: new Uint8Array(body) });
const jsonLines = <T = Record<string, unknown>>(body: Buffer) =>
  body
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

test('health tells that everything works', async () => {
  const report = JSON.parse((await fileAt('/api/health', 'application/json')).toString()) as object;
  const works = expect.objectContaining({ ok: true });
  expect(report).toMatchObject({ ok: true, database: works, workers: works, devices: works, model: works });
});

test('an upload can be read again, and a thumbnail of it', async () => {
  const uploaded = await send('/api/uploads', await picture());
  expect(uploaded.status).toBe(201);
  const { hash, width } = (await uploaded.json()) as { hash: string; width: number };
  expect(width).toBe(256);
  const whole = await fileAt(`/api/images/${hash}`, 'image/png');
  expect(await sharp(whole).metadata()).toMatchObject({ format: 'png', width: 256 });
  const small = await fileAt(`/api/images/${hash}?size=160`, 'image/webp');
  expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 160 });
  const refused = await send('/api/uploads', Buffer.from('no picture'));
  expect([refused.status, await refused.json()]).toMatchObject([400, { code: expect.any(String) }]);
});

test('a run is exported whole in every format', async () => {
  const { items } = await visitor.trpc.runs.list.query({ limit: 1 });
  const id = items[0]?.id ?? '';
  const at = (format: string) => `/api/runs/${id}/export?format=${format}`;
  interface Sample {
    key: string;
    repeat: number;
  }
  const names = (samples: Sample[]) => samples.map(({ key, repeat }) => `${key} ${repeat}`).join('\n');
  const lines = jsonLines<Sample>(await fileAt(at('jsonl'), 'application/jsonl'));
  expect(lines.length).toBeGreaterThan(0);
  const whole = JSON.parse((await fileAt(at('json'), 'application/json')).toString()) as {
    run: { id: string };
    samples: Sample[];
  };
  expect(whole.run.id).toBe(id);
  expect(names(whole.samples)).toBe(names(lines));
  const [header = '', ...rows] = (await fileAt(at('csv'), 'text/csv')).toString().trimEnd().split(/\r?\n/);
  expect(header.split(',')).toContain('key');
  // A cell may hold line breaks, but no row is without its line.
  expect(rows.length).toBeGreaterThanOrEqual(lines.length);
  expect(rows.at(-1)).toContain(lines.at(-1)?.key);
});

test('a leaderboard is exported whole in every format', async () => {
  const [first] = (await visitor.trpc.leaderboard.overview.query()).benchmarks;
  const at = (format: string) => `/api/leaderboard/${first?.name}?format=${format}`;
  const json = JSON.parse((await fileAt(at('json'), 'application/json')).toString()) as object;
  expect(json).toEqual(expect.anything());
  expect((await fileAt(at('csv'), 'text/csv')).toString().trimEnd().split('\n').length).toBeGreaterThan(1);
  expect((await fileAt(at('md'), 'text/markdown')).toString()).toMatch(/^\|( :?-+:? \|)+$/m);
  expect((await fileAt(at('tex'), 'tex')).toString().trimEnd()).toMatch(/\\end\{\w+\*?\}$/);
});

test('a conversation is exported and imported', async () => {
  const { id } = await visitor.trpc.demo.submit.mutate({ task: 'understand', prompt: 'What can you draw?' });
  await new Promise<void>((resolve, reject) =>
    visitor.trpc.demo.events.subscribe({ id }, { onComplete: resolve, onError: reject }),
  );
  const zip = await fileAt(`/api/conversations/${id}`, 'application/zip');
  const imported = await send('/api/conversations', zip);
  expect(imported.status).toBe(201);
  const [copy] = ((await imported.json()) as { ids: string[] }).ids;
  const [made, again] = await Promise.all(
    [id, copy ?? ''].map((one) => visitor.trpc.demo.get.query({ id: one })),
  );
  expect(again).toMatchObject({ imported: true, prompt: made?.prompt, text: made?.text });
});

test('a review queue is exported whole, to the team alone', async () => {
  const { cookie } = await makeSession('admin', 'Test admin', 'tests');
  const admin = visitorWith([cookie]);
  const runId = await makeRun(await makeBenchmark('understand', 3), 'built', '#c0281c');
  const { id: queue } = await admin.trpc.reviews.create.mutate({
    ...{ name: 'Apples', source: { from: 'run', runId }, rubric: verdictRubric, requestId: randomUUID() },
  });
  const at = (format: string) => `/api/reviews/${queue}/export?format=${format}`;
  const lines = jsonLines(await fileAt(at('jsonl'), 'application/x-ndjson', admin));
  expect(lines.map(({ position }) => position)).toEqual([0, 1, 2]);
  expect((await fileAt(at('csv'), 'text/csv', admin)).toString().trimEnd().split('\n')).toHaveLength(4);
  expect((await get(at('csv'))).status).toBe(401);
});
