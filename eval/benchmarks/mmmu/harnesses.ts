/**
 * The same responses under the rules of two other harnesses. They take other letters from the same text, so
 * published MMMU numbers differ by more than the models do; here is by how much, and on which questions.
 */
import { length, pythonSpace, words } from '../../python/text';
import { PythonRandom } from '../../random/mt19937';
import { shareOf, type Share } from '../../statistics';
import { isRightChoice, lastNamed, namedByText, padded } from './parse-choice';
import { pythonList } from './python-list';
import { inTableOrder } from './score';
import { OFFICIAL_TABLE } from './subjects';
import type { ChoiceResponse, MmmuResponse, ScoredResponse } from './types';

const HARNESSES = ['lmms-eval', 'VLMEvalKit'] as const;
type Harness = (typeof HARNESSES)[number];

export interface HarnessComparison {
  harnesses: Record<'official' | Harness, Share>;
  /** Questions on which not all three agree, in the table's order. */
  disagreements: ({ id: string; official: boolean; guessed: boolean } & Record<Harness, boolean>)[];
}

/** @param scored the official verdicts of `responses`; the others are left out */
export function compareHarnesses(
  responses: readonly MmmuResponse[],
  scored: readonly ScoredResponse[],
  table = OFFICIAL_TABLE,
): HarnessComparison {
  const official = new Map(scored.map((response) => [response.id, response]));
  const random = new PythonRandom(lmmsEvalSeed);
  const rows: Record<'official' | Harness, boolean>[] = [];
  const disagreements: HarnessComparison['disagreements'] = [];
  for (const response of inTableOrder(responses, table)) {
    const verdict = official.get(response.id);
    if (verdict === undefined) continue;
    const row = {
      official: verdict.correct,
      'lmms-eval': isRightInLmmsEval(response, random),
      VLMEvalKit: isRightInVlmEvalKit(response),
    };
    rows.push(row);
    if (HARNESSES.some((name) => row[name] !== row.official))
      disagreements.push({ id: response.id, ...row, guessed: verdict.guess !== null });
  }
  const share = (name: 'official' | Harness) => shareOf(rows.map((row) => row[name]));
  return {
    harnesses: {
      official: share('official'),
      'lmms-eval': share('lmms-eval'),
      VLMEvalKit: share('VLMEvalKit'),
    },
    disagreements,
  };
}

/** Its default `--seed`; in a run of its own other draws may come between, so a guess is one of many. */
const lmmsEvalSeed = 0;

function isRightInLmmsEval(response: MmmuResponse, random: PythonRandom): boolean {
  // Since June 2025 (commit 736454b) it looks for an open answer in each single character of the parsed
  // response, where no answer fits.
  if (response.kind === 'open') return false;
  return isRightChoice(response.answer, lmmsEvalLetter(response, random));
}

/**
 * lmms-eval's parse_mmmu_multi_choice_response: as the official one, but a letter counts at the end of any
 * word (`A `, then `A.`), and the last ` A ` decides between such letters, the first letter if there is none.
 */
export function lmmsEvalLetter(
  { response, choices, options }: Pick<ChoiceResponse, 'response' | 'choices' | 'options'>,
  random: PythonRandom,
): string {
  const text = padded(response);
  const bracketed = lastNamed(text, choices, (one) => `(${one})`);
  if (bracketed !== null) return bracketed;
  for (const end of [' ', '.']) {
    const ended = choices.filter((one) => text.includes(`${one}${end}`));
    if (ended.length > 0) return lastNamed(text, ended, (one) => ` ${one} `) ?? ended[0]!;
  }
  return namedByText(text, options) ?? random.choice(choices);
}

/**
 * VLMEvalKit makes an open question one of two options, of which A is the answer; a response without a
 * recognised option is wrong (its policy `exact_matching`, without a language model to match answers).
 */
function isRightInVlmEvalKit(response: MmmuResponse): boolean {
  if (response.kind === 'open') {
    const { answer } = response;
    const text = typeof answer === 'string' ? answer : pythonList(answer);
    const options = { A: text, B: 'Other Answers' };
    return vlmEvalKitLetter(response.response, options) === (/^[A-Z]$/.test(text) ? text : 'A');
  }
  const options = Object.fromEntries(
    Object.entries(response.options).map(([letter, option]) => [letter, String(option)]),
  );
  return isRightChoice(response.answer, vlmEvalKitLetter(response.response, options));
}

const refusals = [
  "Sorry, I can't help with images of people yet.",
  "I can't process this file.",
  "I'm sorry, but without the image provided",
  'Cannot determine the answer',
];

// Python's `(?i)` also takes the dotted and the dotless i for an i.
const i = '[iı\u0130]';
const spoken = new RegExp(`answer${pythonSpace}+${i}s${pythonSpace}+\\**([ABCD])\\**`, 'iu');

/** VLMEvalKit's can_infer (vlmeval/utils/matching_util.py). @returns a letter, `Z` for a refusal, or null */
export function vlmEvalKitLetter(response: string, options: Readonly<Record<string, string>>): string | null {
  return inferOption(response, Object.keys(options)) ?? inferText(response, options);
}

function inferOption(response: string, choices: readonly string[]): string | null {
  if (response.includes('Failed to obtain answer via API')) return null;
  if (refusals.some((refusal) => response.includes(refusal))) return 'Z';
  const parts = words(response.replace(/[.()[\],:;!*#{}]/g, ' '));
  const named = choices.filter((letter) => parts.includes(letter));
  // A lone letter counts among the last four words only: "A" may be an article.
  if (named.length === 1 && parts.indexOf(named[0]!) > parts.length - 5) return named[0]!;
  if (named.length === 0 && parts.includes('Z')) return 'Z';
  const letter = spoken.exec(response)?.[1]?.toUpperCase();
  return letter !== undefined && choices.includes(letter) ? letter : null;
}

function inferText(response: string, options: Readonly<Record<string, string>>): string | null {
  const text = response.toLowerCase();
  const entries = Object.entries(options);
  if (length(text) > 2 * entries.reduce((sum, [, option]) => sum + length(option), 0)) return null;
  const named = entries.filter(([, option]) => text.includes(option.toLowerCase()));
  return named.length === 1 ? named[0]![0] : null;
}
