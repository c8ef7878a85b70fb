import { expect, test } from 'vitest';
import { keyTarget, layoutOf, rowsOf } from './grid-layout';

test.each([
  [0, 1],
  [167, 1],
  [345, 1],
  [346, 2],
  [1152, 6],
])('%d pixels hold %d columns', (width, columns) => {
  const layout = layoutOf(width, { smallest: 168, gap: 10 });
  expect(layout.columns).toBe(columns);
  if (width > 168) expect(layout.tile * columns + 10 * (columns - 1)).toBeCloseTo(width);
  expect(layout.tile).toBeGreaterThan(0);
});

test('a phone has two columns however narrow it is', () => {
  expect(layoutOf(300, { smallest: 168, gap: 10, least: 2 })).toEqual({ columns: 2, tile: 145 });
});

test('100,000 tiles in six columns', () => {
  expect(rowsOf(100_000, 6)).toBe(16_667);
  expect(rowsOf(0, 6)).toBe(0);
});

// 0 1 2
// 3 4 5
// 6
const grid = { columns: 3, count: 7, page: 2 };
test.each([
  ['ArrowRight', 0, 1],
  ['ArrowRight', 6, null],
  ['ArrowLeft', 3, 2],
  ['ArrowLeft', 0, null],
  ['ArrowDown', 1, 4],
  ['ArrowDown', 3, 6],
  ['ArrowDown', 5, 6],
  ['ArrowDown', 6, null],
  ['ArrowUp', 6, 3],
  ['ArrowUp', 2, null],
  ['PageDown', 0, 6],
  ['PageUp', 6, 0],
  ['Home', 5, 0],
  ['End', 0, 6],
  ['a', 0, null],
])('%s from %d leads to %s', (key, at, to) => {
  expect(keyTarget(key, at, grid)).toBe(to);
});
