import { expect, test } from 'vitest';
import { layOut, wrap } from './sheet-layout';

const input = {
  ...{ columns: 3, rows: 2, picture: { width: 256, height: 128 } },
  ...{ rowLabel: 60, columnLines: 1, titleLines: 2 },
};

test('pictures keep their pixels, and no cell overlaps another or a label', () => {
  const sheet = layOut(input);
  expect(sheet.cell).toEqual({ width: 256, height: 128 });
  expect(sheet.left(0)).toBeGreaterThanOrEqual(sheet.padding + 60);
  expect(sheet.left(1) - sheet.left(0)).toBeGreaterThan(256);
  expect(sheet.top(1) - sheet.top(0)).toBeGreaterThan(128);
  expect(sheet.width).toBe(sheet.left(2) + 256 + sheet.padding);
  expect(sheet.height).toBe(sheet.top(1) + 128 + sheet.padding);
});

test('a sheet is never larger than a browser draws', () => {
  const sheet = layOut({ ...input, columns: 20, rows: 1, picture: { width: 1024, height: 1024 } });
  expect(sheet.width).toBeLessThanOrEqual(8192);
  expect(sheet.cell.width).toBe(sheet.cell.height);
  const high = layOut({ ...input, columns: 1, rows: 20, picture: { width: 1024, height: 1024 } });
  expect(high.height).toBeLessThanOrEqual(8192);
});

/** Every character is ten wide. */
const measure = (text: string) => [...text].length * 10;

test('labels are broken at words, and cut where no room is left', () => {
  expect(wrap('a photo of two red apples', 120, 3, measure)).toEqual(['a photo of', 'two red', 'apples']);
  expect(wrap('a photo of two red apples', 120, 2, measure)).toEqual(['a photo of', 'two red …']);
  expect(wrap('一张红色苹果的照片', 40, 3, measure).every((line) => measure(line) <= 40)).toBe(true);
  expect(wrap('extraordinarily', 80, 2, measure)).toEqual(['extraor…']);
  expect(wrap('', 80, 2, measure)).toEqual(['']);
});
