import { expect, test } from 'vitest';
import { createTurns } from './turns';

const busy = { reason: 'BUSY', message: 'Too much waits.', retryAfterSeconds: 5 };
const line = (options: Partial<Parameters<typeof createTurns>[0]> = {}) => {
  const turns = createTurns({ mostOfOne: 10, most: 100, busy, ...options });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  /** Work that lasts until it is told to end. */
  const work = (name: string, whose = name[0] ?? '') =>
    turns.take(whose, () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.push(() => resolve(name)));
    });
  return { turns, begun, ends, work };
};
/** Whatever waits for promises that are settled has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('who sends much waits for those who send little, and the other way about', async () => {
  const { begun, ends, work } = line();
  const all = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => work(name));
  for (let n = 0; n < all.length; n++) {
    await settled();
    expect(begun).toHaveLength(n + 1);
    ends[n]?.();
  }
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
});

test('work that fails holds up nobody', async () => {
  const { turns } = line();
  const failed = turns.take('a', () => Promise.reject(new Error('broken')));
  const next = turns.take('b', () => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('broken');
  expect(await next).toBe('done');
});

test('as much is done at once as is allowed', async () => {
  const { begun, ends, work } = line({ atOnce: 2 });
  const all = ['a1', 'a2', 'a3'].map((name) => work(name));
  await settled();
  expect(begun).toEqual(['a1', 'a2']);
  ends[0]?.();
  await settled();
  expect(begun).toEqual(['a1', 'a2', 'a3']);
  for (const end of ends) end();
  await Promise.all(all);
});

test('too much of one is refused to that one, too much of all to everybody', async () => {
  const { ends, work } = line({ mostOfOne: 2, most: 3 });
  const refusal = { code: 'TOO_MANY', reason: 'BUSY', retryAfterSeconds: 5 };
  const taken = ['a1', 'a2', 'a3'].map((name) => work(name));
  await expect(work('a4')).rejects.toMatchObject(refusal);
  taken.push(work('b1'));
  await expect(work('c1')).rejects.toMatchObject(refusal);
  for (let n = 0; n < taken.length; n++) {
    await settled();
    ends[n]?.();
  }
  expect(await Promise.all(taken)).toEqual(['a1', 'a2', 'a3', 'b1']);
});
