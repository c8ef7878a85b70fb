/**
 * Takes out of a picture's file what is not the picture: EXIF (places, cameras, thumbnails), XMP, IPTC, comments, text
 * chunks and whatever follows its end. Pixels, colour profile and orientation stay, byte for byte.
 * Sources: W3C PNG third edition 5.6; ITU-T T.81 annex B; Google's WebP container specification.
 */
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { readHeader } from './decode';
import type { StoredFormat } from './format';
import { imageLimits } from './format';
import { refusalOf } from './refuse';

/** Chunks of a PNG that decide how it looks. */
const pngChunks = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs'.split(' '),
);
const webpChunks = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ICCP']);
/** Bits of VP8X that say which of the chunks are there. */
const webpExif = 0x08;
const webpXmp = 0x04;

/**
 * The same picture without metadata; the same bytes where it has none.
 * @param file a PNG, JPEG or WebP that decodes
 * @throws ImageError for other files, and for one that only reads as a picture with its faults forgiven
 */
export async function withoutMetadata(file: Uint8Array): Promise<Buffer> {
  const { format, orientation } = await readHeader(file);
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const exif = orientation > 1 ? orientationExif(orientation) : null;
  const clean = cleaners[format](bytes, exif);
  if (clean) return clean;
  // Readers forgive more than this does: drawn anew, without loss, unless they warn of what they forgave.
  return sharp(bytes, { limitInputPixels: imageLimits.pixels })
    .timeout({ seconds: imageLimits.seconds })
    .autoOrient()
    .keepIccProfile()
    .png()
    .toBuffer()
    .catch((cause: unknown) => {
      throw refusalOf(cause);
    });
}

/** A file's parts as they are, less those that say more; null when they do not fit together. */
const cleaners: Record<StoredFormat, (file: Buffer, exif: Buffer | null) => Buffer | null> = {
  png(file, exif) {
    const kept = [file.subarray(0, 8)];
    for (let at = 8; at + 12 <= file.length;) {
      const end = at + 12 + file.readUInt32BE(at);
      if (end > file.length) return null;
      const type = file.toString('latin1', at + 4, at + 8);
      if (pngChunks.has(type)) kept.push(file.subarray(at, end));
      if (type === 'IHDR' && exif) kept.push(pngChunk('eXIf', exif));
      if (type === 'IEND') return Buffer.concat(kept);
      at = end;
    }
    return null;
  },

  jpeg(file, exif) {
    const kept = [file.subarray(0, 2)];
    // JFIF, where it is, comes first.
    let place = 1;
    for (let at = 2; at + 2 <= file.length;) {
      if (file[at] !== 0xff) return null;
      const marker = file[at + 1] ?? 0;
      if (marker === 0xff) {
        at++;
        continue;
      }
      if (marker === 0xd9) {
        kept.push(file.subarray(at, at + 2));
        if (exif) kept.splice(place, 0, jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif])));
        return Buffer.concat(kept);
      }
      if (at + 4 > file.length) return null;
      let end = at + 2 + file.readUInt16BE(at + 2);
      if (end > file.length) return null;
      if (marker === 0xda) end = endOfScan(file, end);
      const segment = file.subarray(at, end);
      if (staysInJpeg(marker, segment.subarray(4))) kept.push(segment);
      if (marker === 0xe0 && kept.length === 2) place = 2;
      at = end;
    }
    return null;
  },

  webp(file, exif) {
    const declared = Math.min(file.length, 8 + file.readUInt32LE(4));
    const chunks: { type: string; bytes: Buffer }[] = [];
    for (let at = 12; at < declared;) {
      if (at + 8 > declared) return null;
      const end = at + 8 + file.readUInt32LE(at + 4);
      if (end > declared) return null;
      const type = file.toString('latin1', at, at + 4);
      const padded = Buffer.concat([file.subarray(at, end), Buffer.alloc((end - at) % 2)]);
      if (webpChunks.has(type)) chunks.push({ type, bytes: padded });
      at = end + ((end - at) % 2);
    }
    const head = chunks.find(({ type }) => type === 'VP8X');
    if (!head && exif) return null;
    if (head) head.bytes[8] = ((head.bytes[8] ?? 0) & ~(webpExif | webpXmp)) | (exif ? webpExif : 0);
    if (exif) chunks.push({ type: 'EXIF', bytes: webpChunk('EXIF', exif) });
    const body = Buffer.concat([Buffer.from('WEBP'), ...chunks.map((one) => one.bytes)]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(body.length);
    return Buffer.concat([Buffer.from('RIFF'), size, body]);
  },
};

/** JFIF, a colour profile and Adobe's colour transform; of the rest no application data and no comments. */
function staysInJpeg(marker: number, data: Buffer): boolean {
  if (marker === 0xfe) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  const begins = (text: string) => data.subarray(0, text.length).toString('latin1') === text;
  if (marker === 0xe0) return begins('JFIF\0');
  if (marker === 0xe2) return begins('ICC_PROFILE\0');
  return marker === 0xee && begins('Adobe');
}

/** Where the coded pixels end: at the first marker that is no stuffed byte and no restart. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return file.length;
}

/** TIFF, big-endian, with one entry: orientation, a short. */
function orientationExif(orientation: number): Buffer {
  return Buffer.from([
    ...[0x4d, 0x4d, 0x00, 0x2a, 0, 0, 0, 8],
    ...[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

function jpegSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

function webpChunk(type: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type, 'latin1'), size, data, Buffer.alloc(data.length % 2)]);
}
