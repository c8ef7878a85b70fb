import { describe, expect, test, vi } from 'vitest';
import { minifiedFile } from './minified';
import * as source from '../../server/api/http-api/sse';

/** The answer as the sources give it, and as a build does, whose minifier once lost the end of every stream. */
const built = (await minifiedFile(
  new URL('../../server/api/http-api/sse.ts', import.meta.url),
)) as typeof source;

const events = async function* (count: number, failure?: Error) {
  for (let n = 0; n < count; n++) yield { event: 'number', data: { n } };
  if (failure) throw failure;
};
const onError = (error: unknown) => ({ data: { error: (error as Error).message } });

describe.each([
  ['the sources', source],
  ['a build', built],
])('as %s have it', (_, { sseResponse }) => {
  test('the body ends after the last event', async () => {
    const onClose = vi.fn(() => Promise.resolve());
    const text = await sseResponse(events(2), { onError, onClose }).text();
    expect(text).toBe(': taken\n\nevent: number\ndata: {"n":0}\n\nevent: number\ndata: {"n":1}\n\n');
    expect(onClose.mock.calls).toEqual([[false]]);
  });

  test('the body ends after the event that tells a failure', async () => {
    const onClose = vi.fn(() => Promise.resolve());
    const text = await sseResponse(events(1, new Error('broken')), { onError, onClose }).text();
    expect(text.endsWith('\n\ndata: {"error":"broken"}\n\n')).toBe(true);
    expect(onClose.mock.calls).toEqual([[false]]);
  });

  test('a reader who leaves ends the source, and is told apart', async () => {
    const onClose = vi.fn(() => Promise.resolve());
    let left!: () => void;
    const returned = new Promise<void>((resolve) => (left = resolve));
    const endless = async function* () {
      try {
        for (let n = 0; ; n++) yield { data: { n } };
      } finally {
        left();
      }
    };
    const reader = sseResponse(endless(), { onError, onClose }).body?.getReader();
    await reader?.read();
    await reader?.read();
    await reader?.cancel();
    await returned;
    expect(onClose.mock.calls).toEqual([[true]]);
  });

  test('a reader who leaves while an event is made closes once, and nothing is thrown', async () => {
    const onClose = vi.fn(() => Promise.resolve());
    let make!: (event: { data: string }) => void;
    const slow = async function* () {
      yield await new Promise<{ data: string }>((resolve) => (make = resolve));
    };
    const failed = vi.fn(onError);
    const reader = sseResponse(slow(), { onError: failed, onClose }).body?.getReader();
    await reader?.read();
    const reading = reader?.read();
    await vi.waitFor(() => expect(make).toBeTypeOf('function'));
    await reader?.cancel();
    make({ data: 'late' });
    expect(await reading).toMatchObject({ done: true });
    expect(onClose.mock.calls).toEqual([[true]]);
    expect(failed).not.toHaveBeenCalled();
  });
});
