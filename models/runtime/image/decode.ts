/**
 * Uploaded pictures to 8-bit RGB, as a person sees them.
 * Nothing here loads the native inference runtime, so a web server may import it.
 */
import sharp from 'sharp';
import { ImageError } from '../errors';
import type { RgbImage } from '../types';

/** At most 20 MB of file and 40 megapixels of picture. */
export const imageLimits = { bytes: 20_000_000, pixels: 40_000_000 } as const;

export type ImageFormat = 'png' | 'jpeg' | 'webp';

export interface ImageInfo {
  format: ImageFormat;
  /** Of the stored pixels, before the EXIF orientation is applied. */
  width: number;
  height: number;
}

const accepted = 'Use a PNG, JPEG or WebP picture';

/**
 * Reads the header and refuses what cannot be used, before any pixel is decoded.
 * @throws ImageError with a code for each reason.
 */
export async function inspectImage(file: Uint8Array): Promise<ImageInfo> {
  if (file.length === 0) throw new ImageError('image_empty', `The file is empty. ${accepted}.`);
  if (file.length > imageLimits.bytes)
    throw new ImageError(
      'image_too_many_bytes',
      `The file has ${(file.length / 1e6).toFixed(1)} MB: at most ${imageLimits.bytes / 1e6} MB. Save it smaller.`,
    );
  const format = sniff(file);
  if (!format)
    throw new ImageError('image_format', `The file is not a PNG, JPEG or WebP picture. ${accepted}.`);
  // The header alone is read here, so the pixel limit is ours to give, with a reason.
  const header = await sharp(file, { limitInputPixels: false, failOn: 'none' })
    .metadata()
    .catch((cause: unknown) => {
      throw damaged(cause);
    });
  if (header.format !== format || !header.width || !header.height) throw damaged();
  if ((header.pages ?? 1) > 1 || (format === 'png' && isAnimatedPng(file)))
    throw new ImageError('image_animated', 'The picture is animated. Send one still frame of it.');
  const height = header.pageHeight ?? header.height;
  if (header.width * height > imageLimits.pixels)
    throw new ImageError(
      'image_too_many_pixels',
      `The picture has ${header.width}×${height} pixels: at most ${imageLimits.pixels / 1e6} megapixels. Scale it down.`,
    );
  return { format, width: header.width, height };
}

/**
 * Decodes a PNG, JPEG or WebP file: EXIF orientation applied, alpha flattened on white, any bit depth and
 * colour space (16-bit, grey, CMYK, embedded profiles) converted to 8-bit sRGB.
 * @throws ImageError as `inspectImage`, and `image_damaged` for a truncated or broken file.
 */
export async function decodeImage(file: Uint8Array): Promise<RgbImage> {
  await inspectImage(file);
  const { data, info } = await sharp(file, { limitInputPixels: imageLimits.pixels, failOn: 'error' })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(cause);
    });
  return { width: info.width, height: info.height, data: toThreeChannels(data, info.channels) };
}

/** The format by the file's first bytes; a name or an extension proves nothing. */
function sniff(file: Uint8Array): ImageFormat | null {
  const starts = (bytes: number[], at = 0) => bytes.every((byte, i) => file[at + i] === byte);
  if (starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (starts([0xff, 0xd8, 0xff])) return 'jpeg';
  if (starts([0x52, 0x49, 0x46, 0x46]) && starts([0x57, 0x45, 0x42, 0x50], 8)) return 'webp';
  return null;
}

/** libpng shows only the first frame of an animated PNG; its `acTL` chunk comes before the pixels. */
function isAnimatedPng(file: Uint8Array): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 8; at + 8 <= file.length;) {
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
    at += 12 + view.getUint32(at);
  }
  return false;
}

function toThreeChannels(data: Buffer, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  const out = new Uint8Array((data.length / channels) * 3);
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3)
    for (let c = 0; c < 3; c++) out[to + c] = data[from + (channels >= 3 ? c : 0)] ?? 0;
  return out;
}

function damaged(cause?: unknown): ImageError {
  return new ImageError(
    'image_damaged',
    'The picture is damaged or cut off. Open it in another program, save it again and send that.',
    { cause },
  );
}
