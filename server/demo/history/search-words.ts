import { storableText } from '../../platform/db/text';

/** A condition that finds one word in a column, and the value it compares with. */
export interface WordPattern {
  operator: 'ILIKE' | '~';
  value: string;
}

const mostWords = 16;

/**
 * What a search asks for: its words, each to be found as it is written, in any case. ILIKE folds the case of ASCII
 * alone in databases of the locale C; words with other cased letters name both cases of each.
 */
export function wordPatterns(query: string): WordPattern[] {
  const words = [...new Set(storableText(query).split(/\s+/u).filter(Boolean))].slice(0, mostWords);
  return words.map((word) =>
    [...word].some((char) => char > '\x7f' && cases(char).length > 1)
      ? { operator: '~', value: [...word].map(anyCase).join('') }
      : { operator: 'ILIKE', value: `%${word.replace(/[\\%_]/g, '\\$&')}%` },
  );
}

/** The character in both cases, where each is one character. */
const cases = (char: string): string[] =>
  [...new Set([char, char.toLowerCase(), char.toUpperCase()])].filter((one) => [...one].length === 1);

const anyCase = (char: string): string => {
  const all = cases(char);
  if (all.length > 1) return `[${all.join('')}]`;
  return /[a-z0-9_]/i.test(char) || char > '\x7f' ? char : `\\${char}`;
};
