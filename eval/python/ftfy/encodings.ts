/**
 * Text back to the bytes that it was misread from, and bytes to text. Bytes are strings of U+0000 to U+00FF here, so
 * that patterns match them.
 * Source: ftfy 6.3.1, bad_codecs/sloppy.py, bad_codecs/utf8_variants.py; copyright Robyn Speer, Apache License 2.0.
 */
import { encodings } from './tables';

export type Encoding = 'latin-1' | keyof typeof encodings;

export const isSloppy = (encoding: Encoding) => encoding.startsWith('sloppy');

/** What a lost byte is written as by the sloppy encodings: "substitute" stands for U+FFFD, and never for itself. */
const substitute = '\u001a';

const bytesOf = new Map<Encoding, ReadonlyMap<string, string>>(
  (['latin-1', ...Object.keys(encodings)] as Encoding[]).map((encoding) => {
    const bytes = new Map<string, string>();
    for (let byte = 0; byte < 0x80; byte++) bytes.set(String.fromCharCode(byte), String.fromCharCode(byte));
    for (let byte = 0x80; byte < 0x100; byte++) {
      const character = String.fromCharCode(byte);
      bytes.set(encoding === 'latin-1' ? character : encodings[encoding][byte - 0x80]!, character);
    }
    if (isSloppy(encoding)) {
      bytes.delete(substitute);
      bytes.set('\ufffd', substitute);
    }
    return [encoding, bytes];
  }),
);

/** In the order in which they are tried. */
export const charmapEncodings: readonly Encoding[] = [...bytesOf.keys()];

/** The bytes that give this text in the encoding, or null where it has other characters. */
export function encode(text: string, encoding: Encoding): string | null {
  const bytes = bytesOf.get(encoding)!;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const byte = bytes.get(text[i]!);
    if (byte === undefined) return null;
    out += byte;
  }
  return out;
}

const windows1252 = encodings['sloppy-windows-1252'];
const unassigned1252 = /[\u0081\u008d\u008f\u0090\u009d]/;

/** Latin-1 text as if Windows-1252 had been meant; unassigned bytes stay as they are. */
export const asWindows1252 = (text: string): string =>
  text.replace(/[\u0080-\u009f]/g, (character) => windows1252[character.charCodeAt(0) - 0x80]!);

/** The same, or null where a byte is unassigned, as the codec of Python does it. */
export const asStrictWindows1252 = (text: string): string | null =>
  unassigned1252.test(text) ? null : asWindows1252(text);

/** @returns null for bytes that are no UTF-8 */
export function decodeUtf8(bytes: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return null;
  }
}

/** Python's `$`: before a line feed at the end, too. */
const end = '(?=\\n?(?![\\s\\S]))';
const pair = `\\xed(?:[\\xa0-\\xaf]|${end})(?:[\\x80-\\xbf]|${end})(?:\\xed|${end})(?:[\\xb0-\\xbf]|${end})(?:[\\x80-\\xbf]|${end})`;
const startsWithPair = new RegExp(`^${pair}`);
const special = new RegExp(
  `\\xc0(?:\\x80|${end})|${pair}|\\xed(?:[\\xa0-\\xbf]|${end})(?:[\\x80-\\xbf]|${end})`,
);

/**
 * UTF-8, with surrogate pairs in it that are encoded one by one (CESU-8), and Java's two bytes for U+0000.
 * @returns null for bytes that are neither
 */
export function decodeUtf8Variants(bytes: string): string | null {
  let out = '';
  for (let rest = bytes; rest !== '';) {
    const at = special.exec(rest)?.index ?? rest.length;
    if (at > 0) {
      const plain = decodeUtf8(rest.slice(0, at));
      if (plain === null) return null;
      out += plain;
      rest = rest.slice(at);
    } else if (rest[0] === '\xc0') {
      if (rest.length === 1) return null;
      out += '\0';
      rest = rest.slice(2);
    } else {
      // A surrogate that is alone is no character in either.
      if (rest.length < 6 || !startsWithPair.test(rest)) return null;
      const bits = (index: number, mask: number) => rest.charCodeAt(index) & mask;
      out += String.fromCodePoint(
        0x10000 + (bits(1, 0x0f) << 16) + (bits(2, 0x3f) << 10) + (bits(4, 0x0f) << 6) + bits(5, 0x3f),
      );
      rest = rest.slice(6);
    }
  }
  return out;
}
