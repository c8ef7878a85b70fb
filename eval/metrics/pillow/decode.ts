/**
 * Files to 8-bit RGB as `PIL.Image.open(path).convert('RGB')` does it, which is how the official scripts read images:
 * the first frame, alpha dropped and not blended, colour profiles and EXIF orientation ignored, CMYK converted without
 * a profile, 16-bit grey cut off at 255; of all formats TIFF alone is turned. `decodeImage` of the runtime reads files as a person sees them instead.
 * Source: Pillow, src/PIL/Image.py (`convert`), src/libImaging/Convert.c, of 13.0. Earlier ones, back to
 * 9.5, give the same but for run-length encoded BMP files of 4 bits and other rare forms.
 */
import sharp, { type Metadata } from 'sharp';
import { formatNames, formatOf, ImageError, type KnownFormat, type RgbImage } from '../../../models/runtime';
import { readBmp } from './bmp';
import { readGif } from './gif';
import { readTiffTags, withPlainAlpha, type TiffTags } from './tiff';
import { checkSize, PillowError } from './types';

/** What decodes, for fingerprints. */
export const PILLOW_DECODER = "Pillow, convert('RGB')";

const readable = ['png', 'jpeg', 'webp', 'gif', 'bmp', 'tiff'] as const satisfies readonly KnownFormat[];

/**
 * @returns interleaved red, green, blue
 * @throws ImageError `image_empty`, `image_format`, `image_too_many_pixels`, `image_damaged`
 */
export async function decodeAsPillow(file: Uint8Array): Promise<RgbImage> {
  if (file.length === 0) throw new ImageError('image_empty', 'The file is empty.');
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const format = formatOf(bytes);
  if (!format || !isReadable(format))
    throw new ImageError(
      'image_format',
      `The file is ${format ? `of the format ${formatNames[format]}` : 'not an image of a known format'}; ` +
        `use ${readable.map((one) => formatNames[one]).join(', ')}.`,
    );
  try {
    if (format === 'gif') return readGif(bytes);
    if (format === 'bmp') return readBmp(bytes);
    return await readWithVips(bytes, format);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(
      'image_damaged',
      'The image is damaged, cut off, or in a form that Pillow refuses.',
      {
        cause: error,
      },
    );
  }
}

const isReadable = (format: KnownFormat): format is (typeof readable)[number] =>
  (readable as readonly string[]).includes(format);

/** PNG, JPEG, WebP and TIFF: samples as they are stored, from the decoder's libraries, which are Pillow's, too. */
async function readWithVips(file: Buffer, format: KnownFormat): Promise<RgbImage> {
  const header = await sharp(file, { limitInputPixels: false, failOn: 'none' }).metadata();
  if (header.format !== format) throw new PillowError();
  checkSize(header.width, header.pageHeight ?? header.height);
  const tags = format === 'tiff' ? readTiffTags(file) : null;
  if (format === 'tiff' && !(tags && isPlain(tags))) throw unusual();
  const { space, depth } = storedAs(header);
  const premultiplied = tags ? withPlainAlpha(file, tags) : null;
  const image = sharp(premultiplied ?? file, { limitInputPixels: false, failOn: 'error', ignoreIcc: true });
  // Of all formats Pillow turns TIFF alone.
  if (format === 'tiff') image.autoOrient();
  const { data, info } = await image
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples =
    depth === 'ushort' ? words(data, Uint16Array) : depth === 'short' ? words(data, Int16Array) : data;
  const rgb = new Uint8Array(width * height * 3);
  // Of 16 bits the upper eight are taken, but of grey without alpha the number.
  const high = depth === 'ushort' ? 8 : 0;
  if (space === 'cmyk') fromCmyk(samples, high, rgb);
  else if (premultiplied) fromPremultiplied(samples, high, rgb);
  else if (channels >= 3)
    for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3)
      for (let c = 0; c < 3; c++) rgb[to + c] = samples[from + c]! >> high;
  else {
    const hasAlpha = format === 'png' && file[25] === 4;
    // Pillow does not turn "white at zero" round where samples have 16 bits; libvips does.
    const inverted = depth === 'ushort' && tags?.photometric === 0;
    const grey = (sample: number) =>
      hasAlpha ? sample >> high : Math.min(255, Math.max(0, inverted ? 65535 - sample : sample));
    for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3)
      rgb.fill(grey(samples[from]!), to, to + 3);
  }
  return { width, height, data: rgb };
}

/** TIFF has more forms than two libraries read alike: what Pillow refuses, or reads otherwise, is refused. */
function isPlain({
  photometric,
  bits,
  samples,
  compression,
  sampleFormat,
  extra,
  bigEndian,
}: TiffTags): boolean {
  const unsigned = sampleFormat === 1;
  const plainExtra = extra.every((kind) => kind === 0 || kind === 2);
  const premultiplied = samples === 4 && extra.length === 1 && extra[0] === 1;
  const few = samples <= 2 && samples === 1 + extra.length && plainExtra;
  if (photometric === 0 || photometric === 1) {
    if (bits <= 8)
      return few && (samples === 1 || bits === 8) && (unsigned || (bits === 8 && photometric === 1));
    if (samples > 1) return false;
    if (photometric === 0) return bits === 16 && unsigned && !bigEndian;
    return bits === 16 ? sampleFormat <= 2 : bits === 32 && !(unsigned && bigEndian);
  }
  if (photometric === 3) return unsigned && bits <= 8 && few;
  if (photometric === 2) return unsigned && (bits === 8 || bits === 16) && (plainExtra || premultiplied);
  if (photometric === 5) return unsigned && (bits === 8 || bits === 16) && samples >= 4;
  return photometric === 6 && compression === 7 && bits === 8;
}

const unusual = () =>
  new ImageError('image_format', 'The TIFF file stores its pixels in an unusual form; save it as PNG.');

type Depth = 'uchar' | 'char' | 'ushort' | 'short';

/** The colour space and width that samples are stored in, so that nothing is converted on the way. */
function storedAs({ space, depth, channels }: Metadata): {
  space: 'cmyk' | 'b-w' | 'grey16' | 'srgb' | 'rgb16';
  depth: Depth;
} {
  const wide = depth === 'ushort';
  if (space === 'cmyk') return { space, depth: wide ? 'ushort' : 'uchar' };
  if (channels >= 3) return wide ? { space: 'rgb16', depth: 'ushort' } : { space: 'srgb', depth: 'uchar' };
  if (wide) return { space: 'grey16', depth: 'ushort' };
  if (depth === 'short') return { space: 'grey16', depth };
  if (depth === 'char') return { space: 'b-w', depth };
  // Wider grey is cut off at 0 and 255 on the way to a byte, as Pillow does it.
  return { space: 'b-w', depth: 'uchar' };
}

const words = <T>(data: Buffer, Words: new (buffer: ArrayBuffer, offset: number, length: number) => T): T =>
  new Words(data.buffer as ArrayBuffer, data.byteOffset, data.length / 2);

/** Without a profile: each colour is what its ink and black leave of white. libvips takes every JPEG's inks for Adobe's. */
function fromCmyk(inks: ArrayLike<number>, high: number, rgb: Uint8Array): void {
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const white = 255 - (inks[from + 3]! >> high);
    for (let c = 0; c < 3; c++) {
      const product = (inks[from + c]! >> high) * white + 128;
      rgb[to + c] = Math.max(0, white - (((product >> 8) + product) >> 8));
    }
  }
}

/** Colour divided by alpha as Pillow's `unpackRGBa` does it: truncated, and black where nothing is seen. */
function fromPremultiplied(samples: ArrayLike<number>, high: number, rgb: Uint8Array): void {
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const alpha = samples[from + 3]! >> high;
    for (let c = 0; c < 3 && alpha > 0; c++)
      rgb[to + c] = Math.min(255, Math.trunc(((samples[from + c]! >> high) * 255) / alpha));
  }
}
