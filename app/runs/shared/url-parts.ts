import { createMultiParser, createParser } from 'nuqs/server';

/** Parsers for URL state that may come from a stranger: what makes no sense is as if it were not there. */

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text has the form of an id. */
export const isId = (text: string): boolean => uuid.test(text);

/** Control characters become spaces, halves of characters are replaced, and what is too long is cut. */
export function cleanText(text: string, longest: number): string {
  // Cut first: an absurd length costs nothing. A cut through a character leaves a half, which is replaced.
  return text
    .slice(0, longest)
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .trim();
}

/** The id of a run or sample. */
export const parseAsId = createParser({
  parse: (text) => (isId(text) ? text.toLowerCase() : null),
  serialize: String,
});

/** Words that somebody typed, at most so many characters. */
export const parseAsWords = (longest: number) =>
  createParser({ parse: (text) => cleanText(text, longest) || null, serialize: String });

/** A finite number as people write it; not `1e999`, not `0x10`. */
export const parseAsNumber = createParser({
  parse: (text) => {
    const value = /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : NaN;
    return Number.isFinite(value) ? value : null;
  },
  serialize: String,
});

/** The same name several times: at most `most` values of at most `longest` characters, each once. */
export const parseAsNames = (most: number, longest: number) =>
  createMultiParser<string[]>({
    parse: (values) => {
      const fit = values
        .slice(0, most)
        .filter((value) => value.length <= longest)
        .map((value) => cleanText(value, longest))
        .filter((value) => value !== '');
      return fit.length > 0 ? [...new Set(fit)] : null;
    },
    serialize: (values) => values,
    eq: (a, b) => a.length === b.length && a.every((value, i) => value === b[i]),
  });
