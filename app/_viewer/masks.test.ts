import { expect, test } from 'vitest';
import { maskArea, maskPath, stripsOf } from './masks';

test('runs begin with zeros, go row by row and over the ends of rows', () => {
  // .##
  // ##.
  expect(stripsOf({ width: 3, height: 2, runs: [1, 4, 1] })).toEqual([
    [0, 1, 2],
    [1, 0, 2],
  ]);
  expect(stripsOf({ width: 3, height: 2, runs: [0, 6] })).toEqual([
    [0, 0, 3],
    [1, 0, 3],
  ]);
});

test('nothing, everything, and no runs at all', () => {
  expect(stripsOf({ width: 2, height: 2, runs: [4] })).toEqual([]);
  expect(stripsOf({ width: 2, height: 2, runs: [] })).toEqual([]);
  expect(maskArea({ width: 2, height: 2, runs: [0, 4] })).toBe(4);
});

test('runs that say more than the picture holds end with it, and what is no length is none', () => {
  expect(maskArea({ width: 2, height: 2, runs: [1, 1000] })).toBe(3);
  expect(maskArea({ width: 2, height: 2, runs: [-5, NaN, 1, 2, 9] })).toBe(2);
  expect(maskArea({ width: 0, height: 0, runs: [0, 9] })).toBe(0);
});

test('equal pieces of neighbouring rows are one rectangle', () => {
  // .##.
  // .##.
  // ...#
  expect(maskPath({ width: 4, height: 3, runs: [1, 2, 2, 2, 4, 1] })).toBe('M1 0h2v2h-2zM3 2h1v1h-1z');
});

test('a path covers exactly the pixels of its mask', () => {
  const [width, height] = [17, 11];
  const bits = Array.from({ length: width * height }, (_, i) => (i * 7919) % 5 < 2);
  const runs: number[] = [];
  let last = false;
  let length = 0;
  for (const bit of bits) {
    if (bit === last) length++;
    else {
      runs.push(length);
      [last, length] = [bit, 1];
    }
  }
  runs.push(length);
  const drawn = new Array<number>(width * height).fill(0);
  const rectangles = maskPath({ width, height, runs }).matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-\d+z/g);
  for (const [, x, y, w, h] of rectangles)
    for (let row = Number(y); row < Number(y) + Number(h); row++)
      for (let column = Number(x); column < Number(x) + Number(w); column++) drawn[row * width + column]!++;
  expect(drawn).toEqual(bits.map(Number));
});
