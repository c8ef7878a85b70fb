/** Why a picture cannot be used, in words: what the ways to read one have in common. */
import { ImageError } from '../errors';
import { formatNames, imageLimits, type KnownFormat } from './format';

/** @param format of the file */
export const animated = (format: KnownFormat): ImageError =>
  new ImageError(
    'image_animated',
    `The image, a ${formatNames[format]}, is animated. Send a single still frame.`,
  );

/** @param format where it is worth saying */
export const damaged = (cause?: unknown, format?: KnownFormat): ImageError =>
  new ImageError(
    'image_damaged',
    `The image${format ? `, an ${formatNames[format]},` : ''} is damaged or incomplete. Open it in another program, save it again and send that.`,
    { cause },
  );

/**
 * Refuses what would take too much memory, or, with sides out of all proportion, too much time: a decoder works by rows,
 * and forty million rows of one pixel take it half a minute.
 * @throws ImageError
 */
export function checkSize(width: number, height: number): void {
  const { pixels, side } = imageLimits;
  const is = `The image has ${width}×${height} pixels; the limit`;
  if (width * height > pixels)
    throw new ImageError('image_too_many_pixels', `${is} ${pixels / 1e6} megapixels. Scale it down.`);
  if (Math.max(width, height) > side)
    throw new ImageError('image_too_long', `${is} ${side} per side. Scale it down or crop it.`);
}

/** What a decoder threw, as what is wrong with the picture. @param format where it is worth saying */
export function refusalOf(cause: unknown, format?: KnownFormat): ImageError {
  if (cause instanceof ImageError) return cause;
  // sharp has no other sign for it.
  if (cause instanceof Error && cause.message.startsWith('timeout: '))
    return new ImageError(
      'image_too_slow',
      `The image took more than ${imageLimits.seconds} s to decode. Open it in another program, save a smaller copy and send that.`,
      { cause },
    );
  return damaged(cause, format);
}
