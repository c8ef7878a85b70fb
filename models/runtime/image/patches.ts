/**
 * Pictures to the vision encoder's input, in the order of Qwen2-VL's image processor.
 * Source: transformers, models/qwen2_vl/image_processing_qwen2_vl.py.
 */
import { ImageError } from '../errors';
import type { Manifest } from '../manifest';
import type { RgbImage } from '../types';
import { cropCenterSquare, resize } from './resample';

export interface Patches {
  /** (patches, channels × temporal × patch × patch) */
  pixelValues: Float32Array;
  patches: number;
  features: number;
  /** Patches: (1, rows, columns), both multiples of `merge`. */
  grid: [1, number, number];
  /** Tokens after merging: rows and columns. */
  tokens: [number, number];
}

/** The picture as the language model sees it: `image.fit` of the manifest. */
export function patchesForUnderstanding(image: RgbImage, manifest: Manifest): Patches {
  const { fit, size, resample, patch, merge, min_pixels, max_pixels } = manifest.image;
  if (fit === 'center_square') {
    const side = size ?? manifest.target_grid[0] * patch * merge;
    return toPatches(resize(cropCenterSquare(image), side, side, resample), manifest.image);
  }
  const { width, height } = smartResize(image, patch * merge, min_pixels, max_pixels);
  return toPatches(resize(image, width, height, resample), manifest.image);
}

/** The picture as the editing decoder sees it: `reference` of the manifest, e.g. 504×504 → 18×18 tokens. */
export function patchesForReference(image: RgbImage, manifest: Manifest): Patches {
  const { size, resample, fit } = manifest.reference;
  const source = fit === 'center_square' ? cropCenterSquare(image) : image;
  return toPatches(resize(source, size, size, resample), manifest.image);
}

/** The picture as the embeddings of a generated one describe it: `target_grid` tokens, fitted as `image.fit` says. */
export function patchesForTarget(image: RgbImage, manifest: Manifest): Patches {
  const { patch, merge, resample, fit } = manifest.image;
  const [rows, columns] = manifest.target_grid;
  const source = fit === 'center_square' ? cropCenterSquare(image) : image;
  return toPatches(resize(source, columns * patch * merge, rows * patch * merge, resample), manifest.image);
}

/**
 * The nearest size with sides that are multiples of `factor`, and an area inside the bounds, at about the same
 * aspect ratio (`smart_resize`, which rounds halves to even as Python does).
 * @throws ImageError `image_aspect` when one side is over 200 times the other.
 */
export function smartResize(
  image: { width: number; height: number },
  factor: number,
  minPixels: number,
  maxPixels: number,
): { width: number; height: number } {
  const { width: w, height: h } = image;
  if (Math.max(w, h) / Math.min(w, h) > 200)
    throw new ImageError(
      'image_aspect',
      `The image is ${w}×${h}; one side can be at most 200 times the other. Crop it.`,
    );
  let height = Math.max(factor, roundHalfEven(h / factor) * factor);
  let width = Math.max(factor, roundHalfEven(w / factor) * factor);
  if (height * width > maxPixels) {
    const beta = Math.sqrt((h * w) / maxPixels);
    height = Math.max(factor, Math.floor(h / beta / factor) * factor);
    width = Math.max(factor, Math.floor(w / beta / factor) * factor);
  } else if (height * width < minPixels) {
    const beta = Math.sqrt(minPixels / (h * w));
    height = Math.ceil((h * beta) / factor) * factor;
    width = Math.ceil((w * beta) / factor) * factor;
  }
  return { width, height };
}

/**
 * Cuts into patches. The patches of one merged token stand together: the order is (row of tokens, column of
 * tokens, row in the token, column in the token); inside a patch (channel, time, y, x), the still picture
 * repeated `temporal` times. Values are (v/255 − mean) / std.
 */
export function toPatches(image: RgbImage, settings: Manifest['image']): Patches {
  const { patch, merge, temporal, mean, std } = settings;
  const rows = image.height / patch;
  const columns = image.width / patch;
  const area = patch * patch;
  const features = 3 * temporal * area;
  const out = new Float32Array(rows * columns * features);
  const table = mean.map((m, c) => Float32Array.from({ length: 256 }, (_, v) => (v / 255 - m) / std[c]!));
  let at = 0;
  for (let tokenRow = 0; tokenRow < rows; tokenRow += merge)
    for (let tokenColumn = 0; tokenColumn < columns; tokenColumn += merge)
      for (let row = tokenRow; row < tokenRow + merge; row++)
        for (let column = tokenColumn; column < tokenColumn + merge; column++)
          for (let c = 0; c < 3; c++) {
            const values = table[c]!;
            const start = at;
            for (let y = 0; y < patch; y++) {
              let from = ((row * patch + y) * image.width + column * patch) * 3 + c;
              for (let x = 0; x < patch; x++, from += 3) out[at++] = values[image.data[from]!]!;
            }
            for (let t = 1; t < temporal; t++, at += area) out.copyWithin(at, start, start + area);
          }
  return {
    pixelValues: out,
    patches: rows * columns,
    features,
    grid: [1, rows, columns],
    tokens: [rows / merge, columns / merge],
  };
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
