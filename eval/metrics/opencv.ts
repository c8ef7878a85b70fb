/**
 * OpenCV's bilinear resize of 8-bit images, bit for bit: mmdetection's pipelines resize with it, not with Pillow.
 * It does not antialias: each output pixel mixes four input pixels, whatever the scale.
 * Source: OpenCV, modules/imgproc/src/resize.cpp (`resizeGeneric_`, `HResizeLinear`, `VResizeLinear`,
 * `ResizeAreaFast`), for CV_8U.
 */
import { channelsOf, type RawImage } from './resample';

/** Weights are whole numbers of 1/2048. */
const one = 2048;

interface Axis {
  /** The first of the two input positions of each output position. */
  first: Int32Array;
  second: Int32Array;
  firstWeight: Int32Array;
  secondWeight: Int32Array;
}

/**
 * @param clampWeights OpenCV gives a column beyond the edge one weight, but a row two, which rounds otherwise.
 */
function axis(inSize: number, outSize: number, clampWeights: boolean): Axis {
  // The inverse of the inverse, as OpenCV has it: it differs from inSize / outSize in the last bit.
  const scale = 1 / (outSize / inSize);
  const first = new Int32Array(outSize);
  const second = new Int32Array(outSize);
  const firstWeight = new Int32Array(outSize);
  const secondWeight = new Int32Array(outSize);
  for (let out = 0; out < outSize; out++) {
    const position = Math.fround((out + 0.5) * scale - 0.5);
    let low = Math.floor(position);
    let fraction = Math.fround(position - low);
    if (clampWeights && low < 0) [low, fraction] = [0, 0];
    if (clampWeights && low >= inSize - 1) [low, fraction] = [inSize - 1, 0];
    first[out] = Math.min(Math.max(low, 0), inSize - 1);
    second[out] = Math.min(Math.max(low + 1, 0), inSize - 1);
    firstWeight[out] = roundHalfToEven(Math.fround(1 - fraction) * one);
    secondWeight[out] = roundHalfToEven(fraction * one);
  }
  return { first, second, firstWeight, secondWeight };
}

/** As Python's `round` and C's `lrint` do it. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/**
 * `cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR)`.
 * @param image any mode; every channel is resized on its own
 * @param width output pixels, at least 1
 * @param height output pixels, at least 1
 */
export function resizeBilinearCv(image: RawImage, width: number, height: number): RawImage {
  const { mode } = image;
  const channels = channelsOf[mode];
  if (image.width === width && image.height === height) return image;
  // OpenCV averages where both sides are halved exactly.
  if (image.width === 2 * width && image.height === 2 * height) return halved(image);
  const columns = axis(image.width, width, true);
  const rows = axis(image.height, height, false);
  const stride = width * channels;
  const out = new Uint8ClampedArray(stride * height);
  /** Rows that were resized horizontally, by their number in the input; two are in use at a time. */
  const cache = [0, 1].map(() => ({ row: -1, values: new Int32Array(stride) }));
  const wide = (row: number, keep: number): Int32Array => {
    const known = cache.find((entry) => entry.row === row);
    if (known) return known.values;
    const entry = cache.find(({ row: held }) => held !== keep)!;
    entry.row = row;
    stretchRow(image.data, row * image.width * channels, channels, columns, entry.values);
    return entry.values;
  };
  for (let y = 0, to = 0; y < height; y++, to += stride) {
    const above = wide(rows.first[y]!, rows.second[y]!);
    const below = wide(rows.second[y]!, rows.first[y]!);
    const a = rows.firstWeight[y]!;
    const b = rows.secondWeight[y]!;
    for (let x = 0; x < stride; x++)
      out[to + x] = (((a * (above[x]! >> 4)) >> 16) + ((b * (below[x]! >> 4)) >> 16) + 2) >> 2;
  }
  return { mode, width, height, data: new Uint8Array(out.buffer) };
}

/** One row to the output's width, in whole numbers of 1/2048. */
function stretchRow(data: Uint8Array, at: number, channels: number, columns: Axis, to: Int32Array): void {
  const { first, second, firstWeight, secondWeight } = columns;
  for (let x = 0, i = 0; x < first.length; x++)
    for (let c = 0; c < channels; c++, i++)
      to[i] =
        data[at + first[x]! * channels + c]! * firstWeight[x]! +
        data[at + second[x]! * channels + c]! * secondWeight[x]!;
}

function halved({ mode, width, height, data }: RawImage): RawImage {
  const channels = channelsOf[mode];
  const stride = width * channels;
  const out = new Uint8Array((data.length / 4) | 0);
  for (let y = 0, to = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2)
      for (let c = 0; c < channels; c++, to++) {
        const at = y * stride + x * channels + c;
        out[to] =
          (data[at]! + data[at + channels]! + data[at + stride]! + data[at + stride + channels]! + 2) >> 2;
      }
  return { mode, width: width / 2, height: height / 2, data: out };
}
