import { expect, test } from 'vitest';
import { maskOf, maskRuns } from './masks';

test.each([
  [[0, 0, 0, 0], [4]],
  [
    [1, 1, 1, 1],
    [0, 4],
  ],
  [
    [0, 1, 1, 0, 1],
    [1, 2, 1, 1],
  ],
  [[], [0]],
])('the mask %j is the runs %j, and back', (mask, runs) => {
  expect(maskRuns(Uint8Array.from(mask))).toEqual(runs);
  expect([...maskOf(runs, mask.length)]).toEqual(mask);
});

test('runs of another picture are refused', () => {
  expect(() => maskOf([3, 2], 4)).toThrow('Runs of 5 pixels do not fit 4.');
});
