import { expect, it } from 'vitest';
import { seededImage } from '../testing/images';
import { vectorBytes, vectorJson } from '../testing/vectors';
import { resizeBilinearCv, roundHalfToEven } from './opencv';

/** width, height, output width, output height, seed */
type Case = [number, number, number, number, number];

const { cases } = vectorJson<{ cases: Case[] }>('opencv/cases.json');
const outputs = vectorBytes('opencv/vectors.bin.gz');

let at = 0;
it.each(cases)('%i×%i to %i×%i gives the bytes of OpenCV', (width, height, outWidth, outHeight, seed) => {
  const size = outWidth * outHeight * 3;
  const expected = outputs.subarray(at, at + size);
  at += size;
  const { data } = resizeBilinearCv(seededImage('RGB', width, height, seed), outWidth, outHeight);
  expect(Buffer.compare(expected, data)).toBe(0);
});

it('halves round to even', () => {
  expect([0.5, 1.5, 2.5, 2.4, 2.6, -0.5, -1.5].map(roundHalfToEven)).toEqual([0, 2, 2, 2, 3, 0, -2]);
});
