/**
 * `ftfy.fix_text(text)` with its default settings: repairs text that was read in the wrong encoding, straightens curly
 * quotes, takes ligatures apart and removes control characters. CLIP's tokenizer cleans captions with it, so that the
 * same caption gives the same tokens only where this is done.
 * A port of ftfy 6.3.1 (github.com/rspeer/python-ftfy: __init__.py, fixes.py, chardata.py), copyright Robyn Speer,
 * licensed under the Apache License 2.0. Checked against it by tests/vectors/ftfy.
 */
import { unescapeStrictly } from '../html';
import { isBad, utf8Runs } from './badness';
import {
  asStrictWindows1252,
  asWindows1252,
  charmapEncodings,
  decodeUtf8,
  decodeUtf8Variants,
  encode,
  isSloppy,
  type Encoding,
} from './encodings';

/** Code points that are repaired together, where a line is longer. */
const longestSegment = 1_000_000;

/** Repairs a text line by line; entities are decoded until the first line with a `<`, which may be HTML. */
export function fixText(text: string): string {
  let entities = true;
  return segments(text)
    .map((segment) => {
      entities &&= !segment.includes('<');
      return fixSegment(segment, entities);
    })
    .join('');
}

/** Lines, with their line feeds, cut where they are too long. */
function segments(text: string): string[] {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return lines.flatMap((line) => {
    if (line.length <= longestSegment) return [line];
    const points = [...line];
    const parts: string[] = [];
    for (let at = 0; at < points.length; at += longestSegment)
      parts.push(points.slice(at, at + longestSegment).join(''));
    return parts;
  });
}

/** Every repair, in order, until nothing changes. */
function fixSegment(text: string, entities: boolean): string {
  for (let before; before !== text;) {
    before = text;
    if (entities) text = unescapeStrictly(text);
    text = fixEncoding(text);
    text = asWindows1252(text);
    text = text.replace(ligature, (character) => ligatures[character]!);
    text = text.replace(wide, (character) => (character === '\u3000' ? ' ' : character.normalize('NFKC')));
    text = text.replace(/[\u201c-\u201f]/g, '"').replace(/[\u02bc\u2018-\u201b]/g, "'");
    text = text.replace(/\r\n|[\r\u2028\u2029\u0085]/g, '\n');
    text = text.replace(/\p{Surrogate}/gu, '\ufffd');
    text = text.replace(terminalEscape, '');
    text = text.replace(control, '');
    text = text.normalize('NFC');
  }
  return text;
}

const ligatures: Readonly<Record<string, string>> = {
  ...{ Ĳ: 'IJ', ĳ: 'ij', ŉ: 'ʼn', Ǳ: 'DZ', ǲ: 'Dz', ǳ: 'dz', Ǆ: 'DŽ', ǅ: 'Dž', ǆ: 'dž' },
  ...{ Ǉ: 'LJ', ǈ: 'Lj', ǉ: 'lj', Ǌ: 'NJ', ǋ: 'Nj', ǌ: 'nj' },
  ...{ ﬀ: 'ff', ﬁ: 'fi', ﬂ: 'fl', ﬃ: 'ffi', ﬄ: 'ffl', ﬅ: 'ſt', ﬆ: 'st' },
};
const ligature = new RegExp(`[${Object.keys(ligatures).join('')}]`, 'g');
/** Halfwidth and fullwidth forms, and the ideographic space. */
const wide = /[\u3000\uff01-\uffef]/g;
const terminalEscape = /\x1b\[(?:\p{Nd}|;)*[a-zA-Z]/gu;
const control = /[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;

/** `ftfy.fix_encoding(text)`: one step after the other, until nothing changes. */
function fixEncoding(text: string): string {
  for (let before; before !== text;) {
    before = text;
    text = fixEncodingOnce(text);
  }
  return text;
}

const ascii = /^[\0-\x7f]*$/;

function fixEncodingOnce(text: string): string {
  if (ascii.test(text) || !isBad(text)) return text;
  let latin1 = false;
  for (const encoding of charmapEncodings) {
    const bytes = encode(text, encoding);
    if (bytes === null) continue;
    latin1 ||= encoding === 'latin-1';
    const fixed = fromUtf8(bytes, encoding);
    if (fixed !== null) return fixed;
  }
  const fixed = text.replace(utf8Runs, (run) => (run !== text && isBad(run) ? fixEncoding(run) : run));
  if (fixed !== text) return fixed;
  // Control characters of Latin-1 are nobody's wish: Windows-1252 was meant.
  const windows = latin1 ? asStrictWindows1252(text) : null;
  return windows !== null && windows !== text ? windows : asWindows1252(text);
}

/** The bytes as the UTF-8 that was meant, or null. */
function fromUtf8(bytes: string, encoding: Encoding): string | null {
  let repaired = bytes;
  // In MacRoman it would match an en dash before a space.
  if (encoding !== 'macroman' && lostSpace.test(bytes)) repaired = restoreNoBreakSpaces(bytes);
  if (isSloppy(encoding)) repaired = repaired.replace(lossy, '\xef\xbf\xbd');
  return /[\xed\xc0]/.test(repaired) ? decodeUtf8Variants(repaired) : decodeUtf8(repaired);
}

/** UTF-8 whose byte 0xa0 has become a space, where the result is a likely character. */
const lostSpacePattern =
  '[\\xc2\\xc3\\xc5\\xce\\xd0\\xd9][ ]' +
  '|[\\xe2\\xe3][ ][\\x80-\\x84\\x86-\\x9f\\xa1-\\xbf]' +
  '|[\\xe0-\\xe3][\\x80-\\x84\\x86-\\x9f\\xa1-\\xbf][ ]' +
  '|\\xf0[ ][\\x80-\\xbf][\\x80-\\xbf]' +
  '|\\xf0[\\x80-\\xbf][ ][\\x80-\\xbf]' +
  '|\\xf0[\\x80-\\xbf][\\x80-\\xbf][ ]';
const lostSpace = new RegExp(lostSpacePattern);
const lostSpaces = new RegExp(lostSpacePattern, 'g');
/** "à" as a word of its own keeps the space after it, but not in Portuguese contractions. */
const aGraveWord = /\xc3 (?! |quele|quela|quilo|s )/g;

function restoreNoBreakSpaces(bytes: string): string {
  return bytes
    .replace(aGraveWord, '\xc3\xa0 ')
    .replace(lostSpaces, (sequence) => sequence.replaceAll(' ', '\xa0'));
}

/** UTF-8 or CESU-8 of which bytes were lost (0x1a, or at most one `?`). */
const lossy = new RegExp(
  '[\\xc2-\\xdf]\\x1a' +
    '|[\\xc2-\\xc3][?]' +
    '|\\xed[\\xa0-\\xaf][\\x1a?]\\xed[\\xb0-\\xbf][\\x1a?\\x80-\\xbf]' +
    '|\\xed[\\xa0-\\xaf][\\x1a?\\x80-\\xbf]\\xed[\\xb0-\\xbf][\\x1a?]' +
    '|[\\xe0-\\xef][\\x1a?][\\x1a\\x80-\\xbf]' +
    '|[\\xe0-\\xef][\\x1a\\x80-\\xbf][\\x1a?]' +
    '|[\\xf0-\\xf4][\\x1a?][\\x1a\\x80-\\xbf][\\x1a\\x80-\\xbf]' +
    '|[\\xf0-\\xf4][\\x1a\\x80-\\xbf][\\x1a?][\\x1a\\x80-\\xbf]' +
    '|[\\xf0-\\xf4][\\x1a\\x80-\\xbf][\\x1a\\x80-\\xbf][\\x1a?]' +
    '|\\x1a',
  'g',
);
