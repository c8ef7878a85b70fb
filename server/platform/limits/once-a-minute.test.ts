import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onceAMinute } from './once-a-minute';

let now = 0;
const advance = (ms: number) => {
  now += ms;
  vi.advanceTimersByTime(ms);
};
// The cache keeps the clock that was there when it was loaded; fake timers would put another in its place.
beforeEach(() => {
  now = 1;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a key is due at once, then once a minute, each by itself', () => {
  const isDue = onceAMinute();
  expect([isDue('a'), isDue('a'), isDue('b')]).toEqual([true, false, true]);
  advance(60_000);
  expect(isDue('a')).toBe(false);
  advance(1);
  expect(isDue('a')).toBe(true);
});

test('of more keys than are remembered, only the one noted longest ago is due again', () => {
  const isDue = onceAMinute();
  for (let key = 0; key <= 10_000; key++) isDue(String(key));
  expect(['1', '10000', '0'].map(isDue)).toEqual([false, false, true]);
});
