import { expect, test } from 'vitest';
import { createBackoff } from './backoff';

test('what ends at once is started later and later, for ever, and what lived for a while at once again', () => {
  const delayAfter = createBackoff();
  expect(Array.from({ length: 9 }, () => delayAfter(0))).toEqual([
    100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000,
  ]);
  expect([delayAfter(11_000), delayAfter(0)]).toEqual([100, 200]);
});
