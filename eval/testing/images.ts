/** Images that tests/vectors/{pillow,opencv,evaluators}/make.py make, too. */
import { channelsOf, type Mode, type RawImage } from '../metrics/resample';

/** Noise of a 32-bit linear congruential generator; every third seed is smooth, every third has hard edges. */
export function seededImage(mode: Mode, width: number, height: number, seed: number): RawImage {
  const data = new Uint8Array(width * height * channelsOf[mode]);
  let state = seed >>> 0;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let byte = state >>> 24;
    if (seed % 3 === 1) byte = (Math.floor((i * 255) / data.length) + (byte >> 4)) & 255;
    else if (seed % 3 === 2) byte = byte > 127 ? 255 : 0;
    data[i] = byte;
  }
  return { mode, width, height, data };
}
