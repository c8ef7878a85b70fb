/**
 * Pictures to the tensors that evaluators take. The steps are torchvision's on Pillow images (CLIP, DINO) and
 * mmdetection's on OpenCV images (detectors); the numbers of each evaluator stand in its manifest.
 */
import type { RgbImage } from '../../models/runtime';
import { resizeBilinearCv, roundHalfToEven } from './opencv';
import { channelsOf, resizeImage, type RawImage, type Resampling } from './resample';

export type Triple = [number, number, number];

/** Resize(`resize`), CenterCrop(`crop`), ToTensor, Normalize. */
export interface SquareRecipe {
  /** Pixels of the shorter side after the resize. */
  resize: number;
  /** Side of the square that is cut out of its middle. */
  crop: number;
  resample: Resampling;
  /** Of RGB values from 0 to 1. */
  mean: Readonly<Triple>;
  std: Readonly<Triple>;
}

/** Resize, normalise, pad on the right and below. */
export interface DetectorRecipe {
  fit:
    /** As large as fits, its longer side at most `long`, its shorter at most `short`; grows, too. */
    | { type: 'keep_ratio'; long: number; short: number }
    /** To this size, whatever the ratio. */
    | { type: 'fixed'; width: number; height: number };
  /** `opencv` is cv2's bilinear; the others are Pillow's. */
  resample: 'opencv' | Resampling;
  /** Both sides are padded to a multiple of it. */
  pad_multiple: number;
  /** What it is padded with, before it is normalised, 0 to 255; by default zeros after that, which is the mean. */
  pad_value?: number | undefined;
  /** Of RGB values from 0 to 255. */
  mean: Readonly<Triple>;
  std: Readonly<Triple>;
}

/** Planes of red, green, blue: `data.length === 3 * height * width`. */
export interface PixelValues {
  data: Float32Array;
  width: number;
  height: number;
}

/** Pixel values of a detector; `content` is the picture's part of them, at the top left. */
export interface DetectorPixels extends PixelValues {
  content: { width: number; height: number };
}

/**
 * torchvision's `Resize(size)` of a Pillow image: the shorter side becomes `size`, the longer
 * `int(size · long / short)`, truncated.
 */
export function resizeShortSide(image: RawImage, size: number, resample: Resampling): RawImage {
  const { width, height } = image;
  const long = (a: number, b: number) => Math.trunc((size * a) / b);
  return width <= height
    ? resizeImage(image, size, long(height, width), resample)
    : resizeImage(image, long(width, height), size, resample);
}

/**
 * torchvision's `CenterCrop(size)`: the offset is half the rest, rounded half to even; a side below `size` is
 * first padded with black, an odd rest of the padding going right and below.
 */
export function centerCrop(image: RawImage, size: number): RawImage {
  const { mode, width, height } = image;
  if (width === size && height === size) return image;
  const channels = channelsOf[mode];
  const offset = (side: number) =>
    side < size ? -Math.floor((size - side) / 2) : roundHalfToEven((side - size) / 2);
  const left = offset(width);
  const top = offset(height);
  const data = new Uint8Array(size * size * channels);
  const fromX = Math.max(left, 0);
  const toX = Math.min(left + size, width);
  for (let y = Math.max(top, 0); y < Math.min(top + size, height); y++) {
    const row = image.data.subarray((y * width + fromX) * channels, (y * width + toX) * channels);
    data.set(row, ((y - top) * size + fromX - left) * channels);
  }
  return { mode, width: size, height: size, data };
}

/**
 * Every step of the recipe, in 32-bit floats as torch has them: value / 255, minus mean, divided by deviation.
 * @param image 8-bit RGB of any size
 * @param to where the values go, as many as there are; by default an array of their own
 * @returns (3, crop, crop)
 */
export function squarePixels(image: RgbImage, recipe: SquareRecipe, to?: Float32Array): PixelValues {
  const { fround } = Math;
  const resized = resizeShortSide({ mode: 'RGB', ...image }, recipe.resize, recipe.resample);
  const { data, width, height } = centerCrop(resized, recipe.crop);
  const table = perChannel(recipe, (value, mean, std) => fround(fround(fround(value / 255) - mean) / std));
  return { data: planes(data, width, height, width, height, table, to), width, height };
}

/**
 * Every step of the recipe. The sizes are mmcv's (`rescale_size`: side · scale + 0.5, truncated); with `opencv` the
 * resized bytes are OpenCV's, and the normalisation is in 32-bit floats as `mmcv.imnormalize` has it (minus mean,
 * times the inverse of the deviation). Not reproduced: the decoding of JPEG files, which OpenCV does with its own
 * settings, and the dropping of transparency, which is here flattened on white.
 * @param image 8-bit RGB of any size
 */
export function detectorPixels(image: RgbImage, recipe: DetectorRecipe): DetectorPixels {
  const { fround } = Math;
  const content = detectorSize(image, recipe.fit);
  const raw: RawImage = { mode: 'RGB', ...image };
  const resized =
    recipe.resample === 'opencv'
      ? resizeBilinearCv(raw, content.width, content.height)
      : resizeImage(raw, content.width, content.height, recipe.resample);
  const padded = (side: number) => Math.ceil(side / recipe.pad_multiple) * recipe.pad_multiple;
  const width = padded(content.width);
  const height = padded(content.height);
  const table = perChannel(recipe, (value, mean, std) => fround(fround(value - mean) * fround(1 / std)));
  const data = new Float32Array(3 * width * height);
  const { pad_value: fill } = recipe;
  if (fill !== undefined && (width > content.width || height > content.height))
    table.forEach((values, c) => data.fill(values[fill]!, c * width * height, (c + 1) * width * height));
  planes(resized.data, content.width, content.height, width, height, table, data);
  return { data, width, height, content };
}

/** Of the picture before padding. */
function detectorSize(
  { width, height }: { width: number; height: number },
  fit: DetectorRecipe['fit'],
): { width: number; height: number } {
  if (fit.type === 'fixed') return { width: fit.width, height: fit.height };
  const scale = Math.min(fit.long / Math.max(width, height), fit.short / Math.min(width, height));
  const scaled = (side: number) => Math.max(1, Math.trunc(side * scale + 0.5));
  return { width: scaled(width), height: scaled(height) };
}

/** What each of the 256 values of each channel becomes; mean and deviation as 32-bit floats. */
function perChannel(
  { mean, std }: { mean: Readonly<Triple>; std: Readonly<Triple> },
  convert: (value: number, mean: number, std: number) => number,
): Float32Array[] {
  return mean.map((m, c) => {
    const [centre, deviation] = [Math.fround(m), Math.fround(std[c]!)];
    return Float32Array.from({ length: 256 }, (_, value) => convert(value, centre, deviation));
  });
}

/** Interleaved bytes to planes of floats, at the top left of `width` × `height`; the rest stays as `out` holds it. */
function planes(
  rgb: Uint8Array,
  inWidth: number,
  inHeight: number,
  width: number,
  height: number,
  table: readonly Float32Array[],
  out: Float32Array = new Float32Array(3 * width * height),
): Float32Array {
  const [red, green, blue] = table as [Float32Array, Float32Array, Float32Array];
  const plane = width * height;
  // All three planes in one pass: one pass for each takes twice as long.
  for (let y = 0, from = 0; y < inHeight; y++)
    for (let x = 0, to = y * width; x < inWidth; x++, from += 3, to++) {
      out[to] = red[rgb[from]!]!;
      out[to + plane] = green[rgb[from + 1]!]!;
      out[to + 2 * plane] = blue[rgb[from + 2]!]!;
    }
  return out;
}
