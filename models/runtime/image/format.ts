/**
 * What a file is, by its content: a name or an extension proves nothing. Nothing here needs a decoder, so that pages
 * may import it.
 */

/** Formats that files of images come in, with the names that people know them by. */
export const formatNames = {
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
  gif: 'GIF',
  bmp: 'BMP',
  tiff: 'TIFF',
  avif: 'AVIF',
  heic: 'HEIC',
  jxl: 'JPEG XL',
  jp2: 'JPEG 2000',
  svg: 'SVG',
  ico: 'ICO',
  psd: 'Photoshop',
  pdf: 'PDF',
  raw: 'camera raw',
  video: 'video',
} as const;

export type KnownFormat = keyof typeof formatNames;

/** What images are stored, read and given out as, with the ending of their files. A media type is `image/` and the name. */
export const storedFormats = { png: 'png', webp: 'webp', jpeg: 'jpg' } as const satisfies Partial<
  Record<KnownFormat, string>
>;
export type StoredFormat = keyof typeof storedFormats;

export const isStoredFormat = (format: string | null): format is StoredFormat =>
  format !== null && Object.hasOwn(storedFormats, format);

/** What a server takes: what it stores, and what it makes one of these of. Whatever else can be read, browsers turn into one. */
export const takenFormats = ['png', 'jpeg', 'webp', 'avif'] as const satisfies readonly KnownFormat[];

const inWords = (formats: readonly KnownFormat[]) =>
  formats
    .map((format) => formatNames[format])
    .join(', ')
    .replace(/, (?=\w+$)/, ' or ');

export const takenNames = inWords(takenFormats);
export const storedNames = inWords(takenFormats.filter(isStoredFormat));

/**
 * At most 20 MB of file and 40 megapixels of picture, no side of which is longer than a WebP or a browser's canvas can be,
 * which leaves room for every panorama. Half a second is usual for the largest; what takes a busy machine as long as this
 * was made to take long.
 */
export const imageLimits = { bytes: 20_000_000, pixels: 40_000_000, side: 16_384, seconds: 15 } as const;

/** How many of a file's first bytes `formatOf` looks at. */
export const formatBytes = 1024;

/** @param file its first `formatBytes` bytes, or all of it */
export function formatOf(file: Uint8Array): KnownFormat | null {
  const text = (from: number, to: number) => String.fromCharCode(...file.subarray(from, to));
  const starts = (...bytes: number[]) => bytes.every((byte, i) => file[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (text(0, 4) === 'RIFF') return text(8, 12) === 'WEBP' ? 'webp' : text(8, 12) === 'AVI ' ? 'video' : null;
  if (/^GIF8[79]a/.test(text(0, 6))) return 'gif';
  if (text(4, 8) === 'ftyp') return brandOf(file);
  if (starts(0x49, 0x49, 0x2a, 0) || starts(0x4d, 0x4d, 0, 0x2a))
    return text(8, 10) === 'CR' ? 'raw' : 'tiff';
  if (starts(0x49, 0x49, 0x2b, 0) || starts(0x4d, 0x4d, 0, 0x2b)) return 'tiff';
  if (text(0, 8) === 'FUJIFILM' || text(0, 4) === 'IIRO' || text(0, 4) === 'IIU\0') return 'raw';
  if (starts(0xff, 0x0a) || text(4, 8) === 'JXL ') return 'jxl';
  if (text(4, 8) === 'jP  ' || starts(0xff, 0x4f, 0xff, 0x51)) return 'jp2';
  if (text(0, 4) === '8BPS') return 'psd';
  if (text(0, 5) === '%PDF-') return 'pdf';
  if (starts(0, 0, 1, 0)) return 'ico';
  if (starts(0x1a, 0x45, 0xdf, 0xa3)) return 'video';
  if (text(0, 2) === 'BM' && isBmpHeader(file)) return 'bmp';
  return /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]/i.test(
    text(0, formatBytes),
  )
    ? 'svg'
    : null;
}

/** Whether the header after "BM" has one of the lengths that there are: two letters alone prove little. */
function isBmpHeader(file: Uint8Array): boolean {
  if (file.length < 18) return false;
  const length = new DataView(file.buffer, file.byteOffset).getUint32(14, true);
  return [12, 16, 40, 52, 56, 64, 108, 124].includes(length);
}

const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);

/** Of a file of ISO media boxes (ISO/IEC 14496-12, 23008-12): by its main brand, else by those that it says it fits. */
function brandOf(file: Uint8Array): KnownFormat {
  const end = Math.min(file.length, new DataView(file.buffer, file.byteOffset).getUint32(0));
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4)
    brands.push(String.fromCharCode(...file.subarray(at, at + 4)));
  // An AVIF may call itself "mif1" first, as a HEIC may.
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  if (brands.some((brand) => heicBrands.has(brand))) return 'heic';
  if (brands[0] === 'mif1' || brands[0] === 'msf1') return 'heic';
  return brands[0] === 'crx ' ? 'raw' : 'video';
}

/**
 * Whether a file of that format has several frames.
 * @param file all of it: frames are counted, where no header says it
 */
export function isAnimatedFile(file: Uint8Array, format: KnownFormat): boolean {
  if (format === 'png') return isAnimatedPng(file);
  if (format === 'gif') return isAnimatedGif(file);
  const text = (from: number, to: number) => String.fromCharCode(...file.subarray(from, to));
  if (format === 'webp') return text(12, 16) === 'VP8X' && ((file[20] ?? 0) & 0x02) !== 0;
  return format === 'avif' && text(8, 12) === 'avis';
}

/** An animated PNG's `acTL` chunk comes before its pixels. */
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

/** Whether a second image follows the first one's blocks. */
function isAnimatedGif(file: Uint8Array): boolean {
  const table = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let images = 0;
  for (let at = 13 + table(file[10] ?? 0); at < file.length;) {
    const kind = file[at];
    if (kind === 0x2c) {
      if (++images > 1) return true;
      at += 11 + table(file[at + 9] ?? 0);
    } else if (kind === 0x21) at += 2;
    else return false;
    while (at < file.length && file[at] !== 0) at += file[at]! + 1;
    at++;
  }
  return false;
}
