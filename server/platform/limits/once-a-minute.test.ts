import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onceAMinute } from './once-a-minute';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a key is due at once, then once a minute, each by itself', () => {
  const isDue = onceAMinute();
  expect([isDue('a'), isDue('a'), isDue('b')]).toEqual([true, false, true]);
  vi.advanceTimersByTime(59_999);
  expect(isDue('a')).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isDue('a')).toBe(true);
});
