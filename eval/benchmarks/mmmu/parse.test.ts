import { describe, expect, it } from 'vitest';
import { pythonJson, PythonFloat } from '../../python/json';
import { PythonRandom } from '../../random/mt19937';
import { vectorLines } from '../../testing/vectors';
import { lmmsEvalLetter, vlmEvalKitLetter } from './harnesses';
import { parseChoice } from './parse-choice';
import { isRightOpen, parseOpen } from './parse-open';
import { officialPrompt } from './prompt';

type Choice = [
  kind: 'c',
  response: string,
  options: Record<string, string>,
  letter: string,
  guessed: boolean,
  lmmsEval: string,
  vlmEvalKit: string | null,
];
type Open = [
  kind: 'o',
  response: string,
  answer: string | string[],
  values: string[],
  correct: boolean,
  vlmEvalKit: string | null,
];

const lines = vectorLines<Choice | Open>('mmmu/responses.jsonl.gz');

/** As the vectors write a float; both zeros are one value of a Python set. */
const asText = (value: string | number): string => {
  if (typeof value === 'string') return value;
  const names: Record<string, string> = { NaN: '#nan', Infinity: '#inf', '-Infinity': '#-inf' };
  return names[String(value)] ?? `#${pythonJson(new PythonFloat(value + 0))}`;
};

describe("MMMU's parsing equals that of the official rules in Python", { timeout: 30_000 }, () => {
  it('for multiple choice, with the random draws, and in the other harnesses', () => {
    const random = new PythonRandom(42);
    const other = new PythonRandom(0);
    const wrong: unknown[] = [];
    for (const [kind, response, options, letter, guessed, lmmsEval, vlmEvalKit] of lines) {
      if (kind !== 'c') continue;
      const choice = { response, choices: Object.keys(options), options: options as Record<string, string> };
      const found = [
        parseChoice(choice, random),
        lmmsEvalLetter(choice, other),
        vlmEvalKitLetter(response, choice.options),
      ];
      const expected = [{ letter, guessed }, lmmsEval, vlmEvalKit];
      if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push({ choice, found, expected });
    }
    expect(wrong).toEqual([]);
  });

  it('for open answers', () => {
    const wrong: unknown[] = [];
    for (const line of lines) {
      if (line[0] !== 'o') continue;
      const [, response, answer, values, correct, vlmEvalKit] = line;
      const parsed = parseOpen(response);
      const found = [new Set(parsed.map(asText)), isRightOpen(answer, parsed)];
      const expected = [new Set(values), correct];
      try {
        expect(found).toEqual(expected);
        if (typeof answer === 'string')
          expect(vlmEvalKitLetter(response, { A: answer, B: 'Other Answers' })).toBe(vlmEvalKit);
      } catch {
        wrong.push({ response, answer, found, expected });
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe("MMMU's prompts", () => {
  it('are the official ones', () => {
    expect(officialPrompt('Which? <image 1>', ['one', 'two'])).toBe(
      "Which? <image 1>\n(A) one\n(B) two\n\nAnswer with the option's letter from the given choices directly.",
    );
    expect(officialPrompt('How many?', null)).toBe(
      'How many?\nAnswer the question using a single word or phrase.',
    );
  });
});
