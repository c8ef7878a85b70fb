import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Awaited, AwaitInput } from '@/server/evaluation/redraw/schema';
import { createAwaitedImages, type AwaitedState } from './awaited';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that answers when the test says so. */
function server() {
  const asked: (AwaitInput & { signal: AbortSignal; answer: (answer: Awaited) => void; fail: () => void })[] =
    [];
  const ask = (input: AwaitInput, signal: AbortSignal) =>
    new Promise<Awaited>((answer, reject) => {
      asked.push({ ...input, signal, answer, fail: () => reject(new Error('gone')) });
    });
  return { asked, ask };
}

const tick = () => vi.advanceTimersByTimeAsync(100);

function wantOf(hash: string, distance = 0) {
  const states: AwaitedState[] = [];
  return { hash, distance: () => distance, onState: (state: AwaitedState) => states.push(state), states };
}

test('images are asked for together and once each, what is seen first', async () => {
  const { asked, ask } = server();
  const images = createAwaitedImages();
  for (const [hash, distance] of [
    ['far', 900],
    ['seen', 0],
    ['near', 20],
    ['far', 5],
  ] as const)
    images.add(wantOf(hash, distance), ask);
  await tick();
  expect(asked.map(({ hashes }) => hashes)).toEqual([['seen', 'far', 'near']]);
});

test('each is told at once how it stands, then what became of it, and the rest is asked for again', async () => {
  const { asked, ask } = server();
  const images = createAwaitedImages();
  const [one, two] = [wantOf('one'), wantOf('two', 1)];
  images.add(one, ask);
  images.add(two, ask);
  await tick();
  expect(asked[0]).toMatchObject({ hashes: ['one', 'two'], hold: false });
  asked[0]!.answer({ images: [{ hash: 'one', state: 'ready' }], served: true });
  await tick();
  expect([one.states, two.states]).toEqual([['ready'], ['drawing']]);
  expect(asked[1]).toMatchObject({ hashes: ['two'], hold: true });
  asked[1]!.answer({ images: [{ hash: 'two', state: 'failed' }], served: true });
  await tick();
  expect(two.states.at(-1)).toBe('failed');
  expect(asked).toHaveLength(2);
});

test('an image that comes while another is waited for has its word without waiting', async () => {
  const { asked, ask } = server();
  const images = createAwaitedImages();
  images.add(wantOf('one'), ask);
  await tick();
  asked[0]!.answer({ images: [], served: true });
  await tick();
  // Once more in another place, such as a dialog: how it stands is known.
  const again = wantOf('one');
  images.add(again, ask);
  expect(again.states).toEqual(['drawing']);
  const two = wantOf('two');
  images.add(two, ask);
  await tick();
  expect(asked[1]!.signal.aborted).toBe(true);
  expect(asked[2]).toMatchObject({ hold: false });
  // What comes before that answer is asked for after it.
  images.add(wantOf('three'), ask);
  await tick();
  expect(asked).toHaveLength(3);
  asked[2]!.answer({ images: [], served: true });
  await tick();
  expect(two.states).toEqual(['drawing']);
  expect(asked[3]).toMatchObject({ hashes: ['one', 'two', 'three'], hold: false });
});

test('what leaves the page is no longer asked for', async () => {
  const { asked, ask } = server();
  const images = createAwaitedImages();
  const remove = images.add(wantOf('left'), ask);
  images.add(wantOf('stays'), ask);
  await tick();
  asked[0]!.answer({ images: [], served: true });
  await tick();
  remove();
  await tick();
  expect(asked[1]!.signal.aborted).toBe(true);
  expect(asked[2]!.hashes).toEqual(['stays']);
});

test('the same images are not asked for twice', async () => {
  const { asked, ask } = server();
  const images = createAwaitedImages();
  images.add(wantOf('one'), ask);
  await tick();
  const remove = images.add(wantOf('one'), ask);
  await tick();
  remove();
  await tick();
  expect(asked).toHaveLength(1);
});

test('without a worker every image says so until one comes', async () => {
  const { asked, ask } = server();
  const images = createAwaitedImages();
  const one = wantOf('one');
  images.add(one, ask);
  await tick();
  expect(asked[0]!.served).toBe(true);
  asked[0]!.answer({ images: [], served: false });
  await tick();
  expect(one.states).toEqual(['unserved']);
  expect(asked[1]!.served).toBe(false);
  asked[1]!.answer({ images: [], served: true });
  await tick();
  expect(one.states.at(-1)).toBe('drawing');
});

test('a question that got lost is asked again after a while', async () => {
  const { asked, ask } = server();
  const images = createAwaitedImages();
  const one = wantOf('one');
  images.add(one, ask);
  await tick();
  asked[0]!.fail();
  await tick();
  expect([asked.length, one.states]).toEqual([1, ['lost']]);
  await vi.advanceTimersByTimeAsync(3000);
  expect(asked).toHaveLength(2);
});
