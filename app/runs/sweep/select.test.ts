import { expect, test } from 'vitest';
import { bestPoint, nearestPoint } from './select';

const points = [0.1, 0.2, 0.3, 0.4, 0.9].map((threshold) => ({ threshold }));

test.each([
  [0.3, 2],
  [0.29, 2],
  // As near to both: the lower one, whatever the arithmetic makes of it.
  [0.25, 1],
  [0, 0],
  [1, 4],
  [-5, 0],
])('the point nearest to %d', (wanted, index) => {
  expect(nearestPoint(points, wanted)).toBe(index);
});

test('without points there is none', () => {
  expect(nearestPoint([], 0.3)).toBe(-1);
  expect(bestPoint([], 0.3)).toBeNull();
});

test('of several best points the one that changes least', () => {
  const sweep = [
    { threshold: 0.1, overall: 0.5 },
    { threshold: 0.2, overall: 0.6 },
    { threshold: 0.3, overall: 0.4 },
    { threshold: 0.5, overall: 0.6 },
  ];
  expect(bestPoint(sweep, 0.3)?.threshold).toBe(0.2);
  expect(bestPoint(sweep, 0.45)?.threshold).toBe(0.5);
});
