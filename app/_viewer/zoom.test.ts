import { expect, test } from 'vitest';
import {
  actualScale,
  fitInside,
  fitted,
  keepInside,
  largestScale,
  panBy,
  percentOf,
  pinch,
  showsPixels,
  wheelFactor,
  zoomAt,
  type Point,
  type View,
} from './zoom';

const box = { width: 400, height: 300 };
const square = { width: 256, height: 256 };
const wide = { width: 512, height: 128 };

/** Where a point of the fitted picture, from its centre, is on the stage. */
const onStage = (view: View, p: Point) => ({ x: p.x * view.scale + view.x, y: p.y * view.scale + view.y });

test('pictures of different shapes fit the same box', () => {
  expect(fitInside(square, box)).toEqual({ width: 300, height: 300 });
  expect(fitInside(wide, box)).toEqual({ width: 400, height: 100 });
  expect(fitInside(square, { width: 0, height: 0 })).toEqual({ width: 0, height: 0 });
});

test('what lies under the pointer stays under it', () => {
  const before: View = { scale: 2, x: 30, y: -10 };
  const at = { x: 70, y: 20 };
  const point = { x: (at.x - before.x) / before.scale, y: (at.y - before.y) / before.scale };
  for (const factor of [0.4, 1.5, 8]) {
    const there = onStage(zoomAt(before, factor, at), point);
    expect(there.x).toBeCloseTo(at.x, 9);
    expect(there.y).toBeCloseTo(at.y, 9);
  }
});

test('in and out again is where one was', () => {
  const at = { x: 12, y: 34 };
  const back = zoomAt(zoomAt(fitted, 3, at), 1 / 3, at);
  expect(back.scale).toBeCloseTo(1);
  expect(back.x).toBeCloseTo(0);
  expect(back.y).toBeCloseTo(0);
});

test('a picture can be moved to its edge and no further', () => {
  expect(keepInside({ scale: 1, x: 90, y: -50 }, [square], box, 8)).toEqual(fitted);
  const view = keepInside({ scale: 2, x: 1000, y: -1000 }, [square], box, 8);
  // 600 × 600 in 400 × 300: 100 and 150 are hidden at each side.
  expect(view).toEqual({ scale: 2, x: 100, y: -150 });
});

test('of two pictures the larger one says how far', () => {
  expect(keepInside({ scale: 2, x: 1000, y: 1000 }, [square, wide], box, 8)).toEqual({
    ...{ scale: 2, x: 200, y: 150 },
  });
});

test('the scale stays between fitted and the largest', () => {
  expect(keepInside({ scale: 0.2, x: 0, y: 0 }, [square], box, 8).scale).toBe(1);
  expect(keepInside({ scale: 99, x: 0, y: 0 }, [square], box, 8).scale).toBe(8);
  expect(largestScale([square], box)).toBeCloseTo((32 * 256) / 300);
  expect(largestScale([{ width: 8, height: 8 }], box)).toBe(8);
  expect(largestScale([], { width: 0, height: 0 })).toBe(8);
});

test('two fingers that part zoom, and those that move together pan', () => {
  const from = [
    { x: -10, y: 0 },
    { x: 10, y: 0 },
  ] as const;
  const apart = [
    { x: -20, y: 0 },
    { x: 20, y: 0 },
  ] as const;
  expect(pinch(fitted, from, apart)).toEqual({ scale: 2, x: 0, y: 0 });
  const moved = [
    { x: -5, y: 7 },
    { x: 15, y: 7 },
  ] as const;
  expect(pinch(fitted, from, moved)).toEqual({ scale: 1, x: 5, y: 7 });
  const same = [from[0], from[0]] as const;
  expect(pinch(fitted, same, same)).toEqual(fitted);
});

test('the wheel zooms in away from and out towards the person, in bounded steps', () => {
  const turn = (deltaY: number, rest = {}) => wheelFactor({ deltaY, deltaMode: 0, ctrlKey: false, ...rest });
  expect(turn(-100)).toBeGreaterThan(1);
  expect(turn(100)).toBeCloseTo(1 / turn(-100));
  expect(turn(3, { deltaMode: 1 })).toBeCloseTo(turn(99));
  expect(turn(-99_999)).toBe(turn(-240));
  expect(turn(-240)).toBe(2);
  expect(turn(-5, { ctrlKey: true })).toBeGreaterThan(turn(-5));
});

test('pixels are shown as squares from four times their size', () => {
  expect(showsPixels(square, box, 1)).toBe(false);
  expect(showsPixels(square, box, 4)).toBe(true);
  expect(percentOf(square, { width: 512, height: 900 }, 1.5)).toBe(300);
});

test('panning adds up', () => {
  expect(panBy(panBy(fitted, 3, 4), -1, 1)).toEqual({ scale: 1, x: 2, y: 5 });
});

test('in its own size a small picture is smaller than its box, and a large one larger', () => {
  const box = { width: 400, height: 400 };
  expect(actualScale({ width: 100, height: 50 }, box)).toBe(0.25);
  expect(actualScale({ width: 800, height: 800 }, box)).toBe(2);
  expect(actualScale({ width: 800, height: 800 }, { width: 0, height: 0 })).toBe(1);
  const picture = [{ width: 100, height: 50 }];
  expect(keepInside({ scale: 0.1, x: 9, y: 9 }, picture, box, 8, 0.25)).toEqual({ scale: 0.25, x: 0, y: 0 });
});
