import { ImageError } from '../../../models/runtime';

/** The file is damaged, or in a form that Pillow does not read either. */
export class PillowError extends Error {}

/** Pillow's own limit, above which it takes a file for an attack (`2 * Image.MAX_IMAGE_PIXELS`). */
const mostPixels = 178_956_970;

/** @throws PillowError for an image without pixels; ImageError for one with too many */
export function checkSize(width: number, height: number): void {
  if (!(width > 0 && height > 0)) throw new PillowError(`The image has ${width}×${height} pixels.`);
  if (width * height > mostPixels)
    throw new ImageError(
      'image_too_many_pixels',
      `The image has ${width}×${height} pixels; Pillow reads at most ${mostPixels}.`,
    );
}

/** The colours of an image that has a palette: entries that the file leaves out are black. @param rgb as stored */
export function paletteOf(rgb: Uint8Array): Uint8Array {
  const palette = new Uint8Array(768);
  palette.set(rgb.subarray(0, 768));
  return palette;
}
