/**
 * Python's text operations, where JavaScript's differ: what counts as white space (U+001C to U+001F and
 * U+0085 do, U+FEFF does not), lengths in code points, Unicode-aware `\d`, `\w` and `\b`.
 */

const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Sources of regular expressions (flag `u`) that match as Python's `\s`, `\d`, `\b` do on text. */
export const pythonSpace = `[${space}]`;
export const pythonDigit = '\\p{Nd}';
const word = '[\\p{L}\\p{N}_]';
export const pythonBoundary = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;

const leading = new RegExp(`^${pythonSpace}+`);
const isSpace = new RegExp(`^${pythonSpace}$`);
const spaces = new RegExp(`${pythonSpace}+`);

/** `text.strip()` */
export function strip(text: string): string {
  // The end is walked by hand: a regular expression that ends in `+$` takes quadratic time on long blanks.
  let end = text.length;
  while (end > 0 && isSpace.test(text[end - 1]!)) end--;
  return text.slice(0, end).replace(leading, '');
}

/** `text.strip(character)` */
export function stripCharacter(text: string, character: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === character) start++;
  while (end > start && text[end - 1] === character) end--;
  return text.slice(start, end);
}

/** `text.split()`: the words. */
export function words(text: string): string[] {
  return text.split(spaces).filter((part) => part !== '');
}

/** `len(text)`: code points. */
export function length(text: string): number {
  let count = 0;
  for (const _character of text) count++;
  return count;
}

/** `str(value)` of a JSON value: a text as it is, `None`, `True`, a number. @returns null for a list or an object */
export function pythonText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
}
