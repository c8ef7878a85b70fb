/**
 * Resizing as Pillow does it, because Qwen2-VL's processor resizes with Pillow and a trained vision encoder
 * notices the difference: two passes, horizontal then vertical, each rounded to 8 bits, with the filter
 * widened by the scale when shrinking (antialias) and bicubic a = −0.5.
 * Source: Pillow, src/libImaging/Resample.c (`precompute_coeffs`, `normalize_coeffs_8bpc`).
 */
import type { RgbImage } from '../types';

export type Resampling = 'bicubic' | 'bilinear';

interface Filter {
  support: number;
  at: (x: number) => number;
}

const filters: Record<Resampling, Filter> = {
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
};

/** Bits after the point of a fixed-point weight. */
const precision = 22;

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
      const weight = filter.at((i + from - center + 0.5) / stretch);
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
 * @param image any size
 * @param width output pixels
 * @param height output pixels
 * @returns the same bytes as Pillow's `Image.resize((width, height), resample)`
 */
export function resize(image: RgbImage, width: number, height: number, resampling: Resampling): RgbImage {
  if (image.width === width && image.height === height) return image;
  const filter = filters[resampling];
  let { data } = image;
  if (image.width !== width) data = horizontally(data, image.width, image.height, width, filter);
  if (image.height !== height) data = vertically(data, width, image.height, height, filter);
  return { width, height, data };
}

function horizontally(
  data: Uint8Array,
  inWidth: number,
  rows: number,
  outWidth: number,
  filter: Filter,
): Uint8Array {
  const { first, count, values, taps } = weightsFor(inWidth, outWidth, filter);
  const out = new Uint8ClampedArray(outWidth * rows * 3);
  const half = 1 << (precision - 1);
  for (let y = 0, to = 0; y < rows; y++)
    for (let x = 0; x < outWidth; x++, to += 3) {
      let from = (y * inWidth + first[x]!) * 3;
      let [r, g, b] = [half, half, half];
      for (let i = 0, w = x * taps; i < count[x]!; i++, w++, from += 3) {
        const weight = values[w]!;
        r += data[from]! * weight;
        g += data[from + 1]! * weight;
        b += data[from + 2]! * weight;
      }
      out[to] = r >> precision;
      out[to + 1] = g >> precision;
      out[to + 2] = b >> precision;
    }
  return new Uint8Array(out.buffer);
}

function vertically(
  data: Uint8Array,
  width: number,
  inHeight: number,
  outHeight: number,
  filter: Filter,
): Uint8Array {
  const { first, count, values, taps } = weightsFor(inHeight, outHeight, filter);
  const stride = width * 3;
  const out = new Uint8ClampedArray(stride * outHeight);
  const sums = new Int32Array(stride);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(1 << (precision - 1));
    for (let i = 0; i < count[y]!; i++) {
      const weight = values[y * taps + i]!;
      const from = (first[y]! + i) * stride;
      for (let x = 0; x < stride; x++) sums[x]! += data[from + x]! * weight;
    }
    for (let x = 0, to = y * stride; x < stride; x++, to++) out[to] = sums[x]! >> precision;
  }
  return new Uint8Array(out.buffer);
}

/** The centred square of the picture, side min(width, height); an odd rest goes right and below. */
export function cropCenterSquare(image: RgbImage): RgbImage {
  const side = Math.min(image.width, image.height);
  if (image.width === image.height) return image;
  const left = Math.floor((image.width - side) / 2);
  const top = Math.floor((image.height - side) / 2);
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + side * 3), y * side * 3);
  }
  return { width: side, height: side, data };
}
