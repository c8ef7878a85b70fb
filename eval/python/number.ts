/** Python's `float(text)` and `round(number, digits)`. */
import { strip } from './text';

const digits = '\\d+(?:_\\d+)*';
const decimal = new RegExp(
  `^[+-]?(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?$`,
  'i',
);
const special = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i;

/**
 * `float(text)`: decimal and scientific notation, one underscore between digits, `inf` and `nan` in any case,
 * digits of any script, white space around.
 * @returns null where Python raises ValueError
 */
export function parseFloatAsPython(text: string): number | null {
  // `float` takes U+001C to U+001F for no white space, though `strip` does.
  if (/[\x1c-\x1f]/.test(text)) return null;
  const plain = asciiDigits(strip(text));
  const named = special.exec(plain);
  if (named) return named[2] === undefined ? NaN : named[1] === '-' ? -Infinity : Infinity;
  return decimal.test(plain) ? Number(plain.replaceAll('_', '')) : null;
}

/** Decimal digits of other scripts (fullwidth, Arabic, …) as ASCII digits. */
function asciiDigits(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (character) => digitValue(character) ?? character);
}

const isDigit = (code: number): boolean => /\p{Nd}/u.test(String.fromCodePoint(code));

/** Unicode keeps each script's ten digits together, 0 first, so the place in the run is the value. */
function digitValue(character: string): string | null {
  const code = character.codePointAt(0)!;
  if (!isDigit(code)) return null;
  let before = 0;
  while (isDigit(code - before - 1)) before++;
  return String(before % 10);
}

/**
 * `round(value, places)`: the nearest decimal of the exact binary value; a tie goes to the even digit.
 * @param places 0 to 20
 */
export function roundAsPython(value: number, places: number): number {
  // Beyond 2^53 a number is whole, and toFixed gives up at 1e21.
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 53) return value;
  const nearest = value.toFixed(places);
  // A tie k / (2 · 10^places) is a multiple of 2^-(places + 1), so one more place writes it exactly.
  const exact = value.toFixed(places + 1);
  const tie = Number.isInteger(value * 2 ** (places + 1)) && exact.endsWith('5');
  if (!tie) return Number(nearest);
  const below = exact.slice(0, -1).replace(/\.$/, '');
  return Number('02468'.includes(below.at(-1)!) ? below : nearest);
}
