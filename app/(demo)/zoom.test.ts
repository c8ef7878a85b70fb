import { expect, test } from 'vitest';
import { fitted, pan, zoom } from './zoom';

const box = { width: 400, height: 200 };

test('the point under the pointer stays where it is', () => {
  const point = { x: 50, y: -20 };
  const view = zoom(fitted, 2, box, point);
  // A spot at distance d from the picture's centre is seen at x + scale · d.
  expect(view.x + view.scale * point.x).toBe(point.x);
  expect(view.y + view.scale * point.y).toBe(point.y);
});

test('no smaller than its box, no larger than sixteen times that', () => {
  expect(zoom({ scale: 2, x: 100, y: 0 }, 0.1, box)).toEqual(fitted);
  expect(zoom(fitted, 100, box).scale).toBe(16);
});

test('is moved to its edge and not further; a fitted picture does not move', () => {
  expect(pan(fitted, 30, 30, box)).toEqual(fitted);
  expect(pan({ scale: 2, x: 0, y: 0 }, 1000, -30, box)).toEqual({ scale: 2, x: 200, y: -30 });
});
