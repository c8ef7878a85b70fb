/**
 * Files that a person sends to a form in which they can be kept. PNG, JPEG and WebP stay as they are; AVIF, which
 * cameras and editors write and sharp reads, becomes JPEG, or PNG where it is transparent. Browsers turn what else they
 * can read into one of these before they send it (app/_ui/picture-file.ts).
 */
import sharp from 'sharp';
import { formatOf, imageLimits, isAnimatedFile } from './format';
import { animated, checkSize, refusalOf } from './refuse';

/** Of a JPEG made of an AVIF: high enough that nobody sees a difference. */
const quality = 95;

/**
 * @returns the file itself unless it has to be converted; what is in it is not checked then
 * @throws ImageError for an AVIF that is damaged, animated or above the limits
 */
export async function keepable(file: Uint8Array): Promise<Uint8Array> {
  if (formatOf(file) !== 'avif' || file.length > imageLimits.bytes) return file;
  if (isAnimatedFile(file, 'avif')) throw animated('avif');
  try {
    const { width, height, pages = 1, hasAlpha } = await sharp(file, { limitInputPixels: false }).metadata();
    if (pages > 1) throw animated('avif');
    checkSize(width, height);
    const image = sharp(file, { limitInputPixels: imageLimits.pixels, failOn: 'error' })
      .timeout({ seconds: imageLimits.seconds })
      .autoOrient();
    return hasAlpha
      ? await image.png().toBuffer()
      : await image.jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
  } catch (error) {
    throw refusalOf(error, 'avif');
  }
}
