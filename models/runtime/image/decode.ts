/**
 * Uploaded pictures to 8-bit RGB, as a person sees them.
 * Nothing here loads the native inference runtime, so a web server may import it.
 */
import sharp from 'sharp';
import { ImageError } from '../errors';
import type { RgbImage } from '../types';
import {
  formatNames,
  formatOf,
  imageLimits,
  isAnimatedFile,
  isStoredFormat,
  storedNames,
  type KnownFormat,
  type StoredFormat,
} from './format';
import { animated, checkSize, damaged, refusalOf } from './refuse';

export { imageLimits };

export interface ImageInfo {
  format: StoredFormat;
  /** Of the stored pixels, before the EXIF orientation is applied. */
  width: number;
  height: number;
}

const accepted = `Use a ${storedNames} image`;

/**
 * Reads the header and refuses what cannot be used, before any pixel is decoded.
 * @throws ImageError with a code for each reason.
 */
export async function inspectImage(file: Uint8Array): Promise<ImageInfo> {
  const { format, width, height } = await readHeader(file);
  return { format, width, height };
}

/** The same, and the EXIF orientation, 1 to 8. @throws ImageError as `inspectImage` */
export async function readHeader(file: Uint8Array): Promise<ImageInfo & { orientation: number }> {
  if (file.length === 0) throw new ImageError('image_empty', `The file is empty. ${accepted}.`);
  if (file.length > imageLimits.bytes)
    throw new ImageError(
      'image_too_many_bytes',
      `The file is ${(file.length / 1e6).toFixed(1)} MB; the limit is ${imageLimits.bytes / 1e6} MB. Reduce its size.`,
    );
  const format = formatOf(file);
  if (!isStoredFormat(format)) throw new ImageError('image_format', unreadable(format));
  // The header alone is read here, so the pixel limit is ours to give, with a reason.
  const header = await sharp(file, { limitInputPixels: false, failOn: 'none' })
    .metadata()
    .catch((cause: unknown) => {
      throw refusalOf(cause);
    });
  if (header.format !== format || !header.width || !header.height) throw damaged();
  if ((header.pages ?? 1) > 1 || (format === 'png' && isAnimatedFile(file, format))) throw animated(format);
  const height = header.pageHeight ?? header.height;
  checkSize(header.width, height);
  const { orientation = 1 } = header;
  return { format, width: header.width, height, orientation: orientation <= 8 ? orientation : 1 };
}

/**
 * Decodes a PNG, JPEG or WebP file: EXIF orientation applied, alpha flattened on white, any bit depth and
 * colour space (16-bit, grey, CMYK, embedded profiles) converted to 8-bit sRGB.
 * @throws ImageError as `inspectImage`, `image_damaged` for a truncated or broken file, `image_too_slow`.
 */
export async function decodeImage(file: Uint8Array): Promise<RgbImage> {
  await inspectImage(file);
  const { data, info } = await sharp(file, { limitInputPixels: imageLimits.pixels, failOn: 'error' })
    .timeout({ seconds: imageLimits.seconds })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw refusalOf(cause);
    });
  return { width: info.width, height: info.height, data: toThreeChannels(data, info.channels) };
}

/** What a file is instead, by its content, and what to do. */
function unreadable(format: KnownFormat | null): string {
  if (!format) return `The file is not a ${storedNames} image. ${accepted}.`;
  const how =
    format === 'heic'
      ? 'Export it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)'
      : `Save it as another format`;
  return `The file is in ${formatNames[format]} format, which can’t be read here. ${how}. ${accepted}.`;
}

function toThreeChannels(data: Buffer, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  const out = new Uint8Array((data.length / channels) * 3);
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3)
    for (let c = 0; c < 3; c++) out[to + c] = data[from + (channels >= 3 ? c : 0)] ?? 0;
  return out;
}
