import { describe, expect, it } from 'vitest';
import { recipes } from '../../models/export/evaluators/image';
import { seededImage } from '../testing/images';
import { centerCrop, detectorPixels, resizeShortSide, squarePixels } from './preprocess';
import type { RawImage } from './resample';

/** A grey image whose pixel at (x, y) is 10·y + x + 1. */
const numbered = (width: number, height: number): RawImage => ({
  mode: 'L',
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, i) => 10 * Math.floor(i / width) + (i % width) + 1),
});

describe('resizing the shorter side', () => {
  it.each([
    [500, 333, 224, 336, 224],
    [333, 500, 224, 224, 336],
    [640, 427, 256, 383, 256],
    [7, 7, 5, 5, 5],
  ])('of %i×%i to %i truncates the longer one', (width, height, size, outWidth, outHeight) => {
    const resized = resizeShortSide(seededImage('L', width, height, 1), size, 'bicubic');
    expect([resized.width, resized.height]).toEqual([outWidth, outHeight]);
  });
});

describe('the centre crop', () => {
  it.each([
    // Rests 1, 3, 5: halves 0.5, 1.5, 2.5 to even.
    [3, 2, 0],
    [5, 2, 2],
    [7, 2, 2],
    [4, 2, 1],
  ])('of %i to %i begins at %i', (side, size, first) => {
    expect(centerCrop(numbered(side, side), size).data[0]).toBe(10 * first + first + 1);
  });

  it('pads with black, an odd rest going right and below', () => {
    const { data } = centerCrop(numbered(2, 3), 5);
    expect([...data]).toEqual([
      ...[0, 0, 0, 0, 0],
      ...[0, 1, 2, 0, 0],
      ...[0, 11, 12, 0, 0],
      ...[0, 21, 22, 0, 0],
      ...[0, 0, 0, 0, 0],
    ]);
  });

  it('pads one side and cuts the other', () => {
    const { data } = centerCrop(numbered(4, 1), 2);
    expect([...data]).toEqual([2, 3, 0, 0]);
  });
});

it('pixel values are planes, normalised in 32-bit floats', () => {
  const image = { width: 1, height: 1, data: Uint8Array.of(255, 0, 128) };
  const { data } = squarePixels(image, { ...recipes.clip, resize: 1, crop: 1 });
  expect(data).toEqual(Float32Array.of(1.9303361, -1.7520971, 0.33994877));
});

describe('a detector', () => {
  const size = (width: number, height: number) => {
    const { content, ...padded } = detectorPixels(seededImage('RGB', width, height, 1), recipes.mask2former);
    return [content.width, content.height, padded.width, padded.height];
  };

  it.each([
    [512, 512, 800, 800, 800, 800],
    [640, 427, 1199, 800, 1216, 800],
    [1000, 300, 1333, 400, 1344, 416],
  ])('gets %i×%i as large as it takes, padded to 32', (width, height, ...expected) => {
    expect(size(width, height)).toEqual(expected);
  });

  it('gets zeros where nothing is, or what it is told to be padded with', () => {
    const image = { width: 1, height: 1, data: Uint8Array.of(255, 255, 255) };
    const fit = { type: 'fixed', width: 1, height: 1 } as const;
    const recipe = { ...recipes.mask2former, fit, pad_multiple: 2 };
    const { data } = detectorPixels(image, { ...recipe, pad_value: undefined });
    expect([...data].map((value) => value !== 0)).toEqual(
      [0, 1, 2].flatMap(() => [true, false, false, false]),
    );
    expect(data[0]).toBeCloseTo((255 - 123.675) / 58.395, 6);
    const filled = detectorPixels(image, recipe).data;
    expect(filled[0]).toBe(data[0]);
    for (const [c, value] of [
      (128 - 123.675) / 58.395,
      (128 - 116.28) / 57.12,
      (128 - 103.53) / 57.375,
    ].entries())
      for (const pixel of [1, 2, 3]) expect(filled[4 * c + pixel]).toBeCloseTo(value, 6);
  });
});
