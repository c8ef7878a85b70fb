import type { MmmuQuestion } from '../../datasets/types';
import { PythonRandom } from '../../random/mt19937';
import type { SampleView, StoredSample } from '../definition';
import { verdictMetric } from '../metric';
import { parseChoice } from './parse-choice';
import { parseOpen } from './parse-open';
import { letters } from './prompt';

/** The options and right answers of a question, and what the scoring read in the answer. */
export function describeSample({ data, text, details }: StoredSample): SampleView {
  const { kind, options, answer } = data as MmmuQuestion;
  const names = letters(options.length);
  const { guess = null } = (details[verdictMetric] ?? {}) as { guess?: { letter: string } | null };
  return {
    expected: {
      kind: 'answer',
      question: kind,
      options: options.map((option, i) => ({ letter: names[i] ?? '', text: option })),
      answers: typeof answer === 'string' ? [answer] : [...answer],
      parsed: guess?.letter ?? (text === null ? null : readIn(kind, names, options, text)),
      guessed: guess !== null,
    },
  };
}

/** By the rules of the scoring; null where they read nothing. */
function readIn(
  kind: MmmuQuestion['kind'],
  choices: readonly string[],
  options: readonly string[],
  response: string,
): string | null {
  if (kind === 'open') return parseOpen(response).join(', ') || null;
  try {
    const named = Object.fromEntries(choices.map((choice, i) => [choice, options[i]]));
    const { letter, guessed } = parseChoice({ response, choices, options: named }, new PythonRandom(0));
    return guessed ? null : letter;
  } catch {
    // It cannot be scored, and so has no score that names what was read.
    return null;
  }
}
