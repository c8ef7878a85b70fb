/**
 * Python's `html.unescape`, and ftfy's stricter decoding of entities. The names are those of the HTML standard.
 * Sources: CPython, Lib/html/__init__.py; ftfy 6.3.1, chardata.py (`_build_html_entities`), fixes.py
 * (`unescape_html`), copyright Robyn Speer, Apache License 2.0.
 */
import { characterEntities } from 'character-entities';
import { characterEntitiesLegacy } from 'character-entities-legacy';

/** `html.entities.html5`: names with their semicolon, and those that may lack it. */
const html5: ReadonlyMap<string, string> = new Map([
  ...Object.entries(characterEntities).map(([name, text]) => [`${name};`, text] as const),
  ...characterEntitiesLegacy.map((name) => [name, characterEntities[name]!] as const),
]);

/** Numbers 0x80 to 0x9f mean Windows-1252, where it has a character. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function numbered(digits: string): string {
  const number = /^[xX]/.test(digits) ? parseInt(digits.slice(1), 16) : parseInt(digits, 10);
  if (number === 0) return '\ufffd';
  if (number >= 0x80 && number <= 0x9f) return windows1252[number - 0x80]!;
  if (number > 0x10ffff || (number >= 0xd800 && number <= 0xdfff)) return '\ufffd';
  return isInvalid(number) ? '' : String.fromCodePoint(number);
}

const isInvalid = (number: number) =>
  (number < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(number)) ||
  number === 0x7f ||
  (number >= 0xfdd0 && number <= 0xfdef) ||
  (number & 0xfffe) === 0xfffe;

function named(name: string): string {
  const whole = html5.get(name);
  if (whole !== undefined) return whole;
  const points = [...name];
  for (let length = points.length - 1; length > 1; length--) {
    const known = html5.get(points.slice(0, length).join(''));
    if (known !== undefined) return known + points.slice(length).join('');
  }
  return `&${name}`;
}

/** `html.unescape(text)`: every reference, also without a semicolon, by the longest name that it begins with. */
export function unescape(text: string): string {
  return text.replace(
    /&(?:#([0-9]+|[xX][0-9a-fA-F]+);?|([^\t\n\f <&#;]{1,32};?))/gu,
    (_, digits: string | undefined, name: string | undefined) =>
      digits === undefined ? named(name!) : numbered(digits),
  );
}

/** With a semicolon only; names of lower case also in capitals, with their character in capitals. */
const strict: ReadonlyMap<string, string> = new Map(
  Object.entries(characterEntities).flatMap(([name, text]) => {
    const capitals = name.toUpperCase();
    const isFree = name === name.toLowerCase() && unescape(`&${capitals};`) === `&${capitals};`;
    return [[name, text] as const, ...(isFree ? [[capitals, text.toUpperCase()] as const] : [])];
  }),
);

/** ftfy's `unescape_html(text)`: only references that are unmistakable. */
export function unescapeStrictly(text: string): string {
  return text.replace(/&(#?[0-9A-Za-z]{1,24});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return strict.get(name) ?? whole;
    const decoded = unescape(whole);
    return decoded.includes(';') ? whole : decoded;
  });
}
