import { describe, expect, it } from 'vitest';
import { seededImage } from '../testing/images';
import { vectorBytes, vectorJson } from '../testing/vectors';
import { channelsOf, resizeImage, type Mode, type Resampling } from './resample';

/** mode, filter, width, height, output width, output height, seed */
type Case = [Mode, Resampling, number, number, number, number, number];

const { cases } = vectorJson<{ cases: Case[] }>('pillow/cases.json');
const outputs = vectorBytes('pillow/vectors.bin.gz');

describe('resizing', () => {
  it('has at least 200 cases, in every mode and filter', () => {
    expect(cases.length).toBeGreaterThanOrEqual(200);
    expect(new Set(cases.map(([mode, filter]) => `${mode} ${filter}`)).size).toBe(10);
  });

  let at = 0;
  it.each(cases)('%s %s %i×%i to %i×%i gives the bytes of Pillow', (mode, filter, w, h, ow, oh, seed) => {
    const size = ow * oh * channelsOf[mode];
    const expected = outputs.subarray(at, at + size);
    at += size;
    const result = resizeImage(seededImage(mode, w, h, seed), ow, oh, filter);
    expect([result.mode, result.width, result.height]).toEqual([mode, ow, oh]);
    expect(Buffer.compare(expected, result.data)).toBe(0);
  });

  it('has an expected byte for every case and no more', () => {
    expect(cases.reduce((sum, [mode, , , , w, h]) => sum + w * h * channelsOf[mode], 0)).toBe(outputs.length);
  });

  it('to the same size gives the image itself', () => {
    const image = seededImage('RGB', 5, 4, 1);
    expect(resizeImage(image, 5, 4, 'bicubic')).toBe(image);
  });

  it('refuses sizes and data that make no image', () => {
    const image = seededImage('L', 5, 4, 1);
    expect(() => resizeImage(image, 0, 4, 'box')).toThrow(RangeError);
    expect(() => resizeImage(image, 2.5, 4, 'box')).toThrow('2.5');
    expect(() => resizeImage({ ...image, mode: 'RGB' }, 2, 2, 'box')).toThrow('needs 60 bytes; got 20');
  });
});
