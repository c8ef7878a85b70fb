/** Text chunks of PNG files: written after the header, or taken out. Source: W3C PNG, third edition, 11.3.3. */
import { crc32 } from 'node:zlib';

/** One text; the keyword has 1 to 79 Latin-1 characters. */
export interface PngText {
  keyword: string;
  text: string;
  /** Written as iTXt (UTF-8) even where tEXt (Latin-1) could hold it. */
  utf8?: boolean;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The signature and IHDR, which every PNG begins with. */
const afterHeader = 8 + 25;
const textChunks = new Set(['tEXt', 'zTXt', 'iTXt']);
/** What a tEXt chunk may hold: printable Latin-1 and line feeds. */
const latin1 = /^[\n\x20-\x7e\xa1-\xff]*$/;

/** The same file with texts right after its header, where readers that look at the first bytes alone find them. */
export function withPngTexts(png: Uint8Array, texts: readonly PngText[]): Buffer {
  return Buffer.concat([
    png.subarray(0, afterHeader),
    ...texts.map(({ keyword, text, utf8 }) => {
      const name = Buffer.from(keyword, 'latin1');
      if (!utf8 && latin1.test(text))
        return chunk('tEXt', [name, Buffer.from([0]), Buffer.from(text, 'latin1')]);
      // No compression, no language, no translated keyword.
      return chunk('iTXt', [name, Buffer.from([0, 0, 0, 0, 0]), Buffer.from(text, 'utf8')]);
    }),
    png.subarray(afterHeader),
  ]);
}

/**
 * A PNG without its text chunks and without what follows its end. Other files, and a PNG whose chunks do not fit
 * together from some point on, are kept from there as they are.
 */
export function withoutPngTexts(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (!bytes.subarray(0, 8).equals(signature)) return bytes;
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const end = at + 12 <= bytes.length ? at + 12 + bytes.readUInt32BE(at) : Infinity;
    if (end > bytes.length) {
      kept.push(bytes.subarray(at));
      break;
    }
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!textChunks.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IEND') break;
    at = end;
  }
  return Buffer.concat(kept);
}

/** Length, type, data, checksum. */
function chunk(type: string, data: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
