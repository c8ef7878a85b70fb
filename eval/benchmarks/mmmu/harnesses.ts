/**
 * The same responses under the rules of other harnesses, by version. They take other letters from the same text, so
 * published MMMU numbers differ by more than the models do; here is by how much, and on which questions.
 */
import { pythonJson, PythonFloat } from '../../python/json';
import { length, pythonSpace, words } from '../../python/text';
import { PythonRandom } from '../../random/mt19937';
import { shareOf, type Share } from '../../statistics';
import { isRightChoice, lastNamed, namedByText, padded } from './parse-choice';
import { isRightOpen, parseOpen } from './parse-open';
import { pythonList } from './python-list';
import { inTableOrder } from './score';
import { OFFICIAL_TABLE } from './subjects';
import type { ChoiceResponse, MmmuResponse, ScoredResponse } from './types';

/** A version of a harness whose rules are imitated. A harness that is mended gives other scores under its old name. */
export interface HarnessVersion {
  /** What tables call it. */
  title: string;
  repository: string;
  /** Of the release, where the rules are one's. */
  version: string | null;
  /** The commit that the rules were taken from; null for a pull request that was merged into it. */
  commit: string | null;
  /** What sets these rules apart from the other versions'. */
  rules: string;
  /** A change that its authors have not merged yet. */
  pending?: string;
}

const lmmsEval = 'https://github.com/EvolvingLMMs-Lab/lmms-eval';
const vlmEvalKit = 'https://github.com/open-compass/VLMEvalKit';

export const HARNESS_VERSIONS = {
  'lmms-eval': {
    title: 'lmms-eval 0.7.2 (before #1471)',
    repository: lmmsEval,
    version: '0.7.2',
    commit: '75571cfe0fa36ca5ec2e6aa2bb268f9d38295af3',
    rules:
      'Since commit 736454b (June 2025) an open answer is looked for in each single character of the first candidate, ' +
      'which hardly any answer fits.',
  },
  'lmms-eval since #1471': {
    title: 'lmms-eval since #1471',
    repository: lmmsEval,
    version: null,
    commit: null,
    rules: `An open answer is compared with every candidate again (${lmmsEval}/pull/1471, merged after August 24, 2026).`,
  },
  VLMEvalKit: {
    title: 'VLMEvalKit 0.2rc1',
    repository: vlmEvalKit,
    version: '0.2rc1',
    commit: 'e8e78f05',
    rules: 'An open question becomes a choice of two: the answer, and "Other Answers".',
    pending: `${vlmEvalKit}/pull/1642 compares open answers by their content.`,
  },
} as const satisfies Record<string, HarnessVersion>;

type Harness = keyof typeof HARNESS_VERSIONS;
const HARNESSES = Object.keys(HARNESS_VERSIONS) as Harness[];
type Rules = 'official' | Harness;

export interface HarnessComparison {
  harnesses: Record<Rules, Share>;
  /** What each of `harnesses` imitates. */
  versions: Record<Harness, HarnessVersion>;
  /** Questions on which not all agree, in the table's order. */
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
  const rows: Record<Rules, boolean>[] = [];
  const disagreements: HarnessComparison['disagreements'] = [];
  for (const response of inTableOrder(responses, table)) {
    const verdict = official.get(response.id);
    if (verdict === undefined) continue;
    const inLmmsEval = isRightInLmmsEval(response, random);
    const row = {
      official: verdict.correct,
      'lmms-eval': inLmmsEval.before,
      'lmms-eval since #1471': inLmmsEval.since,
      VLMEvalKit: isRightInVlmEvalKit(response),
    };
    rows.push(row);
    if (HARNESSES.some((name) => row[name] !== row.official))
      disagreements.push({ id: response.id, ...row, guessed: verdict.guess !== null });
  }
  const shares = (['official', ...HARNESSES] as const).map(
    (name) => [name, shareOf(rows.map((row) => row[name]))] as const,
  );
  return {
    harnesses: Object.fromEntries(shares) as Record<Rules, Share>,
    versions: HARNESS_VERSIONS,
    disagreements,
  };
}

/** Its default `--seed`; in a run of its own other draws may come between, so a guess is one of many. */
const lmmsEvalSeed = 0;

/** The two versions read a choice alike, and from one draw. */
function isRightInLmmsEval(
  response: MmmuResponse,
  random: PythonRandom,
): { before: boolean; since: boolean } {
  if (response.kind !== 'open') {
    const right = isRightChoice(response.answer, lmmsEvalLetter(response, random));
    return { before: right, since: right };
  }
  // It takes several answers as the data set writes them, for one text.
  const answer = goldText(response.answer);
  const candidates = parseOpen(response.response);
  return {
    before: isRightOpen(answer, [...pythonStr(candidates[0])]),
    since: isRightOpen(answer, candidates),
  };
}

const goldText = (answer: MmmuResponse['answer']): string =>
  typeof answer === 'string' ? answer : pythonList(answer);

/** `str(value)` of a candidate: a number is a float. */
const pythonStr = (value: string | number | undefined): string =>
  typeof value === 'number' ? pythonJson(new PythonFloat(value)) : (value ?? '');

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
    const text = goldText(response.answer);
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
