import { beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../manifest';
import { testImage, tinyManifest } from '../testing/tiny';
import { patchesForReference, patchesForUnderstanding, smartResize, toPatches } from './patches';

let manifest: Manifest;
beforeAll(async () => void (manifest = await tinyManifest()));

describe('patches', () => {
  it('stand in the order of Qwen2-VL: tokens row by row, the patches of a token together', () => {
    const settings = { ...manifest.image, patch: 2, merge: 2, temporal: 2 };
    const image = testImage(8, 8);
    const { pixelValues, features, grid, tokens, patches } = toPatches(image, settings);
    expect({ features, grid, tokens, patches }).toEqual({
      features: 24,
      grid: [1, 4, 4],
      tokens: [2, 2],
      patches: 16,
    });
    // Patch 6: token 1 (row 0, column 1), patch 2 of it (row 1, column 0): pixels from (y 2, x 4).
    const expected: number[] = [];
    for (let c = 0; c < 3; c++)
      for (let t = 0; t < 2; t++)
        for (const [y, x] of [
          [2, 4],
          [2, 5],
          [3, 4],
          [3, 5],
        ] as const)
          expected.push(Math.fround((image.data[(y * 8 + x) * 3 + c]! / 255 - 0.5) / 0.5));
    expect([...pixelValues.subarray(6 * 24, 7 * 24)]).toEqual(expected);
  });

  it.each([
    [252, 252],
    [1, 1],
    [640, 100],
  ])('of %i×%i give 81 tokens to the language model and 324 to the editing decoder', (width, height) => {
    const image = testImage(width, height);
    expect(patchesForUnderstanding(image, manifest)).toMatchObject({
      patches: 324,
      features: 1176,
      tokens: [9, 9],
    });
    expect(patchesForReference(image, manifest)).toMatchObject({ patches: 1296, tokens: [18, 18] });
  });

  it('of a manifest with smart_resize keep the aspect ratio', () => {
    const settings = {
      ...manifest.image,
      fit: 'smart_resize' as const,
      min_pixels: 3136,
      max_pixels: 262_640,
    };
    const { tokens } = patchesForUnderstanding(testImage(560, 280), { ...manifest, image: settings });
    expect(tokens).toEqual([10, 20]);
  });
});

describe('smart_resize', () => {
  // Values of transformers' smart_resize(height, width, factor=28, min_pixels=3136, max_pixels=262640).
  it.each([
    [640, 480, 588, 420],
    [512, 512, 504, 504],
    [4000, 3000, 588, 420],
    [10, 10, 56, 56],
    [42, 70, 56, 56],
    [1000, 100, 1008, 112],
  ])('of %i×%i is %i×%i', (width, height, outWidth, outHeight) => {
    expect(smartResize({ width, height }, 28, 3136, 262_640)).toEqual({ width: outWidth, height: outHeight });
  });

  it('refuses extreme aspect ratios', () => {
    expect(() => smartResize({ width: 2010, height: 10 }, 28, 3136, 262_640)).toThrow(
      expect.objectContaining({ code: 'image_aspect' }),
    );
  });
});
