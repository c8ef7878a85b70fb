/**
 * Pillow's `Image.resize` on raw 8-bit images, bit for bit. The metrics' reference scripts resize with Pillow, and
 * other libraries differ in the last digits, which shows in the third decimal of a score. The arithmetic is the
 * runtime's (models/runtime/image/resample.ts); here are Pillow's modes around it.
 */
import { resample, type Resampling } from '../../models/runtime';

export type { Resampling };

/** What resizes, for fingerprints. */
export const PILLOW = 'Pillow 12, 8 bits a channel';

/** Pillow's names: grey, colour, colour with straight alpha. */
export type Mode = 'L' | 'RGB' | 'RGBA';

/** 8-bit samples, row by row, pixel by pixel: `data.length === width * height * channels of the mode`. */
export interface RawImage {
  mode: Mode;
  width: number;
  height: number;
  data: Uint8Array;
}

export const channelsOf: Record<Mode, number> = { L: 1, RGB: 3, RGBA: 4 };

/**
 * `image.resize((width, height), filter)` of Pillow.
 * Source: src/libImaging/Resample.c (`precompute_coeffs`, `normalize_coeffs_8bpc`), src/PIL/Image.py (`resize`),
 * src/libImaging/Convert.c (`rgbA2rgba`, `rgba2rgbA`).
 * @param width output pixels, at least 1
 * @param height output pixels, at least 1
 * @returns the image itself where the size is already that
 * @throws RangeError for a size that is no whole number from 1, or data of another length than the size says
 */
export function resizeImage(image: RawImage, width: number, height: number, filter: Resampling): RawImage {
  for (const side of [image.width, image.height, width, height])
    if (!Number.isInteger(side) || side < 1)
      throw new RangeError(`An image must be at least 1 pixel wide and high; got ${side}.`);
  const channels = channelsOf[image.mode];
  if (image.data.length !== image.width * image.height * channels)
    throw new RangeError(
      `${image.width}×${image.height} ${image.mode} needs ${image.width * image.height * channels} bytes; got ${image.data.length}.`,
    );
  if (image.width === width && image.height === height) return image;
  const { mode } = image;
  // Colours under transparent pixels must not bleed into visible ones.
  const data = mode === 'RGBA' ? premultiplied(image.data) : image.data;
  const resized = resample(
    { width: image.width, height: image.height, channels, data },
    width,
    height,
    filter,
  );
  return { mode, width, height, data: mode === 'RGBA' ? straight(resized.data) : resized.data };
}

/** Colour × alpha / 255, rounded by Pillow's division without a division. */
function premultiplied(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    for (let c = 0; c < 3; c++) {
      const product = data[i + c]! * alpha + 128;
      out[i + c] = ((product >> 8) + product) >> 8;
    }
    out[i + 3] = alpha;
  }
  return out;
}

/** 255 × colour / alpha, truncated, at most 255; left as it is where alpha is 0 or 255. */
function straight(data: Uint8Array): Uint8Array {
  const out = Uint8Array.from(data);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = 0; c < 3; c++) out[i + c] = Math.min(255, Math.trunc((255 * data[i + c]!) / alpha));
  }
  return out;
}
