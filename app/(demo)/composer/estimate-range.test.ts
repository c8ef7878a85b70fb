import { expect, test } from 'vitest';
import { timeRange } from './estimate-range';

test.each([
  [520, 790, { unit: 'seconds', low: '0.5', high: '0.8' }],
  [790, 520, { unit: 'seconds', low: '0.5', high: '0.8' }],
  [480, 520, { unit: 'seconds', low: null, high: '0.5' }],
  [3, 8, { unit: 'seconds', low: null, high: '0.1' }],
  [8_200, 14_600, { unit: 'seconds', low: '8', high: '15' }],
  [40_000, 95_000, { unit: 'minutes', low: '0.5', high: '1.5' }],
  [20 * 60_000, 31.4 * 60_000, { unit: 'minutes', low: '20', high: '31' }],
])('a time from %d to %d ms reads as %j', (low, high, expected) => {
  expect(timeRange(low, high)).toEqual(expected);
});
