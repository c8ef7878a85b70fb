import { expect, test } from 'vitest';
import { ticksOf } from './rating-chart';

test.each([
  [880, 1120, [900, 950, 1000, 1050, 1100]],
  [990, 1010, [990, 995, 1000, 1005, 1010]],
  [-300, 2300, [0, 1000, 2000]],
  [1000, 1000, [1000]],
])('the scale from %d to %d has steps that are easy to read', (low, high, ticks) => {
  expect(ticksOf(low, high)).toEqual(ticks);
});
