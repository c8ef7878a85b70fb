import { stripCharacter, words } from '../../python/text';
import type { PythonRandom } from '../../random/mt19937';
import { UnscorableError, type ChoiceResponse } from './types';

export interface ParsedChoice {
  letter: string;
  /** No option was recognised, and the letter was drawn. */
  guessed: boolean;
}

const punctuation = [',', '.', '!', '?', ';', ':', "'"];

/** Each kind of punctuation stripped once, in the official order, and a space on both sides. */
export const padded = (response: string): string => ` ${punctuation.reduce(stripCharacter, response)} `;

/** What to look for in the response, in lower case or as it is, for each candidate letter. */
export type Pattern = (letter: string) => string;

/**
 * The letter that a response means, as the official parse_multi_choice_response: `(A)`, else ` A `, else, in
 * more than five words, an option's text; the last one named; else a random one.
 * @param random draws where nothing is recognised: Python's, seeded once for all responses
 * @throws UnscorableError where an option's text is needed and is no text
 */
export function parseChoice(
  { response, choices, options }: Pick<ChoiceResponse, 'response' | 'choices' | 'options'>,
  random: PythonRandom,
): ParsedChoice {
  const text = padded(response);
  const letter =
    lastNamed(text, choices, (one) => `(${one})`) ??
    lastNamed(text, choices, (one) => ` ${one} `) ??
    namedByText(text, options);
  return letter === null ? { letter: random.choice(choices), guessed: true } : { letter, guessed: false };
}

/** Of the letters whose pattern occurs, the one whose last occurrence is latest; the first on ties. */
export function lastNamed(text: string, candidates: readonly string[], pattern: Pattern): string | null {
  let latest: string | null = null;
  let position = -1;
  for (const letter of candidates) {
    const at = text.lastIndexOf(pattern(letter));
    if (at > position) [latest, position] = [letter, at];
  }
  return latest;
}

/** The letter of the option whose text occurs last, if the response has more than five words. */
export function namedByText(text: string, options: ChoiceResponse['options']): string | null {
  if (words(text).length <= 5) return null;
  return lastNamed(text.toLowerCase(), Object.keys(options), (letter) => {
    const option = options[letter];
    if (typeof option !== 'string') throw new UnscorableError(`option ${letter} is not a text`);
    return option.toLowerCase();
  });
}

/** Whether a letter is the answer, as the official eval_multi_choice. */
export const isRightChoice = (answer: string | readonly string[], letter: unknown): boolean =>
  typeof answer === 'string' ? answer === letter : answer.some((one) => one === letter);
