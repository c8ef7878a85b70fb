/**
 * Whether text looks like mojibake: sequences of characters that hardly occur otherwise.
 * Source: ftfy 6.3.1, badness.py (`BADNESS_RE`, `is_bad`), chardata.py (`UTF8_DETECTOR_RE`); copyright Robyn Speer,
 * Apache License 2.0.
 */
import { pythonSpace } from '../text';
import { categories, clues } from './tables';

const {
  common,
  c1,
  bad,
  law,
  currency,
  start_punctuation: opening,
  end_punctuation: closing,
  numeric,
  kaomoji,
  upper_accented: upper,
  lower_accented: lower,
  upper_common: upperCommon,
  lower_common: lowerCommon,
  box,
} = categories;

/** Python's `\w`. */
const word = '[\\p{L}\\p{N}_]';

const sequences = [
  `[${c1}]`,
  `[${bad}${lower}${upper}${box}${opening}${closing}${currency}${numeric}${law}][${bad}]`,
  `[a-zA-Z][${lowerCommon}${upperCommon}][${bad}]`,
  `[${bad}][${lower}${upper}${box}${opening}${closing}${currency}${numeric}${law}]`,
  `[${lower}${lowerCommon}${box}${closing}${currency}${numeric}][${upper}]`,
  `[${box}${closing}${currency}${numeric}][${lower}]`,
  `[${lower}${box}${closing}][${currency}]`,
  `${pythonSpace}[${upper}][${currency}]`,
  `[${upper}${box}][${numeric}${law}]`,
  `[${lower}${upper}${box}${currency}${closing}][${opening}][${numeric}]`,
  `[${lower}${upper}${currency}${numeric}${box}${law}][${closing}][${opening}]`,
  `[${currency}${numeric}${box}][${opening}]`,
  `[a-z][${upper}][${opening}${currency}]`,
  `[${box}][${kaomoji}]`,
  `[${lower}${upper}${currency}${numeric}${opening}${closing}${law}][${box}]`,
  `[${box}][${closing}]`,
  `[${lower}${upper}][${opening}${closing}]${word}`,
  // The ligature œ when no unaccented Latin letter follows.
  '[Œœ][^A-Za-z]',
  // Degree signs after capital letters.
  `[${upper}]°`,
  // Common Windows-1252 mojibake of two characters that the cases above leave out.
  `[ÂÃÎÐ][€œŠš¢£Ÿž\u00a0\u00ad®©°·»${opening}${closing}–—´]`,
  '×[²³]',
  // Windows-1252 mojibake of Arabic words: "common" characters must count, so four characters are asked for.
  `[ØÙ][${common}${currency}${bad}${numeric}${opening}ŸŠ®°µ»][ØÙ][${common}${currency}${bad}${numeric}${opening}ŸŠ®°µ»]`,
  // Windows-1252 mojibake that starts sequences of three in some South Asian alphabets.
  'à[²µ¹¼½¾]',
  // MacRoman.
  '√[±∂†≠®™´≤≥¥µø]',
  '≈[°¢]',
  '‚Ä[ìîïòôúùû†°¢π]',
  '‚[âó][àäê°]',
  // Windows-1251 mojibake of U+2000 and after.
  'вЂ',
  // Windows-1251 mojibake of Latin-1 and of Cyrillic letters.
  `[ВГРС][${c1}${bad}${opening}${closing}${currency}°µ][ВГРС]`,
  // Windows-1251 mojibake on top of Latin-1 mojibake of Windows-1252, near a Latin letter.
  'ГўВЂВ[^\\n][A-Za-z ]',
  // Windows-1252 encodings of à and á, and of the no-break space.
  'Ã[\u00a0¡]',
  `[a-z]${pythonSpace}?[ÃÂ][ ]`,
  '^[ÃÂ][ ]',
  // Â before a character that it encodes as itself.
  `[a-z.,?!${closing}]Â[ ${opening}${closing}]`,
  // Windows-1253 mojibake of U+2000 and after, of Latin-1 and of Greek letters.
  'β€[™\u00a0Ά\u00ad®°]',
  `[ΒΓΞΟ][${c1}${bad}${opening}${closing}${currency}°][ΒΓΞΟ]`,
  // Windows-1257 mojibake of U+2000 and after.
  'ā€',
];

const badness = new RegExp(sequences.join('|'), 'u');

/** `ftfy.badness.is_bad(text)` */
export const isBad = (text: string): boolean => badness.test(text);

/** Runs of what looks like UTF-8 that was misread in a single-byte encoding. */
export const utf8Runs = new RegExp(
  `(?<![${clues.utf8_continuation_strict}])(?:` +
    `[${clues.utf8_first_of_2}][${clues.utf8_continuation}]|` +
    `[${clues.utf8_first_of_3}][${clues.utf8_continuation}]{2}|` +
    `[${clues.utf8_first_of_4}][${clues.utf8_continuation}]{3})+`,
  'gu',
);
