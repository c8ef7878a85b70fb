/**
 * Resizing as Pillow does it, because Qwen2-VL's processor and every image metric resize with Pillow, and a
 * trained encoder notices the difference: two passes, horizontal then vertical, each rounded to 8 bits, with the
 * filter widened by the scale when shrinking (antialias) and bicubic a = −0.5.
 * Source: Pillow, src/libImaging/Resample.c (`precompute_coeffs`, `normalize_coeffs_8bpc`), as it was until 12: from
 * 13.0 on the vertical pass comes first where the height shrinks much more than the width, which changes last digits;
 * models were trained and scores published before.
 */
import type { RgbImage } from '../types';

export type Resampling = 'box' | 'bilinear' | 'bicubic' | 'lanczos';

/** 8-bit samples, row by row, `channels` bytes a pixel: `data.length === width * height * channels`. */
export interface Raster {
  width: number;
  height: number;
  channels: number;
  data: Uint8Array;
}

interface Filter {
  support: number;
  at: (x: number) => number;
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

const filters: Record<Resampling, Filter> = {
  // Half open: of two pixels at the same distance the left one counts.
  box: { support: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    at: (value) => {
      const a = -0.5;
      const x = Math.abs(value);
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
      return 0;
    },
  },
  lanczos: { support: 3, at: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Bits after the point of a fixed-point weight. */
const precision = 22;
const half = 1 << (precision - 1);

/** For each output pixel the first input pixel and the weights from there on. */
interface Weights {
  first: Int32Array;
  count: Int32Array;
  /** `taps` weights for each output pixel, fixed-point. */
  values: Int32Array;
  taps: number;
}

function weightsFor(inSize: number, outSize: number, filter: Filter): Weights {
  const scale = inSize / outSize;
  const stretch = Math.max(scale, 1);
  // Multiplied by, as Pillow does: a division would differ in the last bit of a weight.
  const shrink = 1 / stretch;
  const support = filter.support * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const values = new Int32Array(outSize * taps);
  const exact = new Float64Array(taps);
  for (let out = 0; out < outSize; out++) {
    const center = (out + 0.5) * scale;
    const from = Math.max(0, Math.trunc(center - support + 0.5));
    const n = Math.min(inSize, Math.trunc(center + support + 0.5)) - from;
    let total = 0;
    for (let i = 0; i < n; i++) {
      const weight = filter.at((i + from - center + 0.5) * shrink);
      exact[i] = weight;
      total += weight;
    }
    for (let i = 0; i < n; i++) {
      const weight = (exact[i] ?? 0) / (total || 1);
      values[out * taps + i] = Math.trunc((weight < 0 ? -0.5 : 0.5) + weight * (1 << precision));
    }
    first[out] = from;
    count[out] = n;
  }
  return { first, count, values, taps };
}

/**
 * @param image any size, any number of channels, each of them resized on its own
 * @param width output pixels, at least 1
 * @param height output pixels, at least 1
 * @returns the same bytes as Pillow's `Image.resize((width, height), resample)` for modes L and RGB; a pass that
 * changes no size is left out, and an image of that size is returned itself
 */
export function resample(image: Raster, width: number, height: number, resampling: Resampling): Raster {
  const { channels } = image;
  if (image.width === width && image.height === height) return image;
  const filter = filters[resampling];
  let { data } = image;
  if (image.width !== width)
    data = horizontally(data, image.width, image.height, channels, weightsFor(image.width, width, filter));
  if (image.height !== height)
    data = vertically(data, width * channels, weightsFor(image.height, height, filter));
  return { width, height, channels, data };
}

/** `resample` of an RGB picture. */
export function resize(image: RgbImage, width: number, height: number, resampling: Resampling): RgbImage {
  if (image.width === width && image.height === height) return image;
  const { data } = resample({ ...image, channels: 3 }, width, height, resampling);
  return { width, height, data };
}

function horizontally(
  data: Uint8Array,
  inWidth: number,
  rows: number,
  channels: number,
  weights: Weights,
): Uint8Array {
  const { first, count, values, taps } = weights;
  const out = new Uint8ClampedArray(first.length * rows * channels);
  for (let y = 0, to = 0; y < rows; y++)
    for (let x = 0; x < first.length; x++, to += channels) {
      const from = (y * inWidth + first[x]!) * channels;
      const at = x * taps;
      const end = at + count[x]!;
      // Math.imul and |0 keep the sums in 32 bits, as they are in Pillow, and out of slow 64-bit floats.
      if (channels === 3) {
        let r = half;
        let g = half;
        let b = half;
        for (let w = at, i = from; w < end; w++, i += 3) {
          const weight = values[w]!;
          r = (r + Math.imul(data[i]!, weight)) | 0;
          g = (g + Math.imul(data[i + 1]!, weight)) | 0;
          b = (b + Math.imul(data[i + 2]!, weight)) | 0;
        }
        out[to] = r >> precision;
        out[to + 1] = g >> precision;
        out[to + 2] = b >> precision;
      } else
        for (let c = 0; c < channels; c++) {
          let sum = half;
          for (let w = at, i = from + c; w < end; w++, i += channels)
            sum = (sum + Math.imul(data[i]!, values[w]!)) | 0;
          out[to + c] = sum >> precision;
        }
    }
  return new Uint8Array(out.buffer);
}

/** @param stride bytes of a row */
function vertically(data: Uint8Array, stride: number, weights: Weights): Uint8Array {
  const { first, count, values, taps } = weights;
  const out = new Uint8ClampedArray(stride * first.length);
  const sums = new Int32Array(stride);
  for (let y = 0, to = 0; y < first.length; y++, to += stride) {
    const n = count[y]!;
    // Beyond the last row the weight is 0, and any row will do.
    const row = (i: number) => (first[y]! + Math.min(i, n - 1)) * stride;
    const weight = (i: number) => (i < n ? values[y * taps + i]! : 0);
    sums.fill(half);
    // Four rows at a time: reading and writing the sums takes longer than adding to them.
    for (let i = 0; i < n; i += 4) {
      const a = row(i);
      const b = row(i + 1);
      const c = row(i + 2);
      const d = row(i + 3);
      const ofA = weight(i);
      const ofB = weight(i + 1);
      const ofC = weight(i + 2);
      const ofD = weight(i + 3);
      // The usual case where a size changes little: without the sums.
      if (n <= 4)
        for (let x = 0; x < stride; x++)
          out[to + x] =
            (half +
              Math.imul(data[a + x]!, ofA) +
              Math.imul(data[b + x]!, ofB) +
              Math.imul(data[c + x]!, ofC) +
              Math.imul(data[d + x]!, ofD)) >>
            precision;
      else
        for (let x = 0; x < stride; x++)
          sums[x] =
            (sums[x]! +
              Math.imul(data[a + x]!, ofA) +
              Math.imul(data[b + x]!, ofB) +
              Math.imul(data[c + x]!, ofC) +
              Math.imul(data[d + x]!, ofD)) |
            0;
    }
    if (n > 4) for (let x = 0; x < stride; x++) out[to + x] = sums[x]! >> precision;
  }
  return new Uint8Array(out.buffer);
}

/** The centred square of the picture, side min(width, height); an odd rest goes right and below. */
export function cropCenterSquare(image: RgbImage): RgbImage {
  const side = Math.min(image.width, image.height);
  return cropCenter(image, side, side);
}

/** The middle of the picture; an odd rest goes right and below. @param width at most the picture's, as the height */
export function cropCenter(image: RgbImage, width: number, height: number): RgbImage {
  if (image.width === width && image.height === height) return image;
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}
