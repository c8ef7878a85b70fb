import { letters } from '../../eval/benchmarks/mmmu/prompt';
import { parseChoice } from '../../eval/benchmarks/mmmu/parse-choice';
import { parseOpen } from '../../eval/benchmarks/mmmu/parse-open';
import type { Metadata } from '../../eval/benchmarks/geneval/types';
import type { EditItem, MmmuQuestion } from '../../eval/datasets/types';
import { PythonRandom } from '../../eval/random/mt19937';
import type { Task } from '../../models/runtime';
import type { SampleDetail } from './schema';

/** What was asked for, and of an answer what the scoring read in it. */
export function expectedOf(
  task: Task,
  data: unknown,
  output: { text: string | null; details: unknown },
): SampleDetail['expected'] {
  if (task === 'generate') return objectsOf(data as Metadata);
  if (task === 'understand') return answerOf(data as MmmuQuestion, output);
  const { instruction, caption } = data as EditItem;
  return { kind: 'edit', instruction, caption };
}

function objectsOf({ include, exclude = [] }: Metadata): SampleDetail['expected'] {
  return {
    kind: 'objects',
    include: include.map(({ class: className, count, color, position }) => ({
      ...{ className, count, color: color ?? null },
      position: position ? `${position[0]} ${include[position[1]]?.class ?? ''}`.trim() : null,
    })),
    exclude: exclude.map(({ class: className, count }) => ({ className, count })),
  };
}

function answerOf(
  { kind, options, answer }: MmmuQuestion,
  { text, details }: { text: string | null; details: unknown },
): SampleDetail['expected'] {
  const names = letters(options.length);
  const { guess = null } = (details ?? {}) as { guess?: { letter: string } | null };
  return {
    kind: 'answer',
    question: kind,
    options: options.map((option, i) => ({ letter: names[i] ?? '', text: option })),
    answers: typeof answer === 'string' ? [answer] : [...answer],
    parsed: guess?.letter ?? (text === null ? null : readIn(kind, names, options, text)),
    guessed: guess !== null,
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
