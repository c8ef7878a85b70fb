import { isObject, parseJson, partsOf, readEntries } from '../../json';
import { pythonEqual } from '../../python/equal';
import { show, type Problem } from '../problem';
import { NotJsonError, repeatedKeys } from './entries';
import { isRightOpen, parseOpen } from './parse-open';
import { OFFICIAL_TABLE, subjectOfId } from './subjects';
import { UnscorableError, type ScoredResponse } from './types';
import { idOf, openAnswer } from './validate';

export interface ScoredPredictions {
  scored: ScoredResponse[];
  problems: Problem[];
  /** How many answers there are of each subject. */
  expected: Map<string, number>;
}

/**
 * Scores predictions that were parsed before, as the official main_eval_only.py.
 * @param predictions JSON `{id: letter or text}`, or a list or lines of `{id, prediction}`
 * @param answers JSON `{id: {question_type, ground_truth}}`, or a list or lines of them with their `id`
 * @throws NotJsonError when one of the two is neither
 */
export function scorePredictions(
  predictions: string,
  answers: string,
  { subjects } = OFFICIAL_TABLE,
): ScoredPredictions {
  const problems: Problem[] = [];
  const gold = readById(answers, 'answers', problems, (line) => line);
  const given = readById(predictions, 'predictions', problems, (line) => line.prediction);
  const expected = new Map<string, number>();
  for (const id of gold.keys()) {
    const subject = subjectOfId(id);
    if (subjects.includes(subject)) expected.set(subject, (expected.get(subject) ?? 0) + 1);
    else problems.push({ where: id, reason: 'the answers name no subject of MMMU by this id' });
  }
  const scored: ScoredResponse[] = [];
  for (const [id, prediction] of given) {
    const subject = subjectOfId(id);
    try {
      if (!subjects.includes(subject)) throw new UnscorableError('names no subject of MMMU');
      if (!gold.has(id)) throw new UnscorableError('has a prediction and no answer to compare with');
      const note = oddity(gold.get(id), prediction);
      scored.push({ id, subject, correct: isRight(gold.get(id), prediction), guess: null });
      if (note) problems.push({ where: id, reason: note });
    } catch (error) {
      if (!(error instanceof UnscorableError)) throw error;
      problems.push({ where: id, reason: error.message });
    }
  }
  const order = (response: ScoredResponse): number => subjects.indexOf(response.subject);
  return { scored: scored.sort((a, b) => order(a) - order(b)), problems, expected };
}

/** As the official evaluate: a choice is compared with anything, an open answer is to be a text. */
function isRight(gold: unknown, prediction: unknown): boolean {
  if (!isObject(gold)) throw new UnscorableError('has an answer to compare with that is no object');
  const { question_type: kind, ground_truth: answer } = gold;
  if (prediction === undefined) throw new UnscorableError('has no prediction');
  if (kind === undefined) throw new UnscorableError('has an answer to compare with without a question_type');
  if (answer === undefined) throw new UnscorableError('has no answer to compare with');
  if (kind === 'multiple-choice')
    return (Array.isArray(answer) ? answer : [answer]).some((one) => pythonEqual(one, prediction));
  if (typeof prediction !== 'string') throw new UnscorableError('has a prediction that is no text');
  return isRightOpen(openAnswer(answer), parseOpen(prediction));
}

/** What counts as wrong, as officially, although nobody may have meant it. */
function oddity(gold: unknown, prediction: unknown): string | null {
  const answer = isObject(gold) ? gold.ground_truth : undefined;
  if (prediction === null) return 'has the prediction null: it counts as wrong, as in the official script';
  if (answer === null || (Array.isArray(answer) && answer.length === 0))
    return `has the answer ${show(answer)}, which nothing equals: it counts as wrong, as in the official script`;
  return null;
}

type ById = { id: string; value: unknown }[];

/** Values by id, in the order of the file; of two with one id the last counts in JSON, the first in lines. */
function readById(
  text: string,
  name: string,
  problems: Problem[],
  valueOf: (line: Record<string, unknown>) => unknown,
): Map<string, unknown> {
  const { value, error } = parseJson(text);
  const plain = error === undefined && (!isObject(value) || !('id' in value)) && !Array.isArray(value);
  if (plain) {
    if (!isObject(value)) throw new NotJsonError(`the ${name} are no JSON object`);
    for (const id of repeatedKeys(text, value))
      problems.push({ where: id, reason: `stands in the ${name} more than once; the last counts` });
    return new Map(Object.entries(value));
  }
  const entries = readEntries(text);
  if (!entries.some((entry) => isObject(entry.value))) {
    if (error === undefined) throw new NotJsonError(`the ${name} are no JSON object`);
    return new Map(membersOf(text, name, error, problems).map(({ id, value: own }) => [id, own]));
  }
  const byId = new Map<string, unknown>();
  for (const entry of entries) {
    const where = `${name}, ${entry.where}`;
    const line = entry.value;
    const id = isObject(line) ? idOf(line.id) : null;
    if (entry.error !== undefined) problems.push({ where, reason: `is not JSON: ${entry.error}` });
    else if (id === null || !isObject(line)) problems.push({ where, reason: 'has no id' });
    else if (byId.has(id))
      problems.push({ where: id, reason: `stands in the ${name} more than once; the first counts` });
    else byId.set(id, valueOf(line));
  }
  return byId;
}

/** The members of an object of which one is damaged. @throws NotJsonError when none can be read */
function membersOf(text: string, name: string, error: string, problems: Problem[]): ById {
  const members: ById = [];
  const damaged: Problem[] = [];
  for (const part of text.trimStart().startsWith('{') ? partsOf(text) : []) {
    const read = parseJson(`{${part.text}}`, part.line);
    const why = part.problem ?? (read.error && `is not JSON: ${read.error}`);
    if (why === undefined)
      for (const [id, value] of Object.entries(read.value as object)) members.push({ id, value });
    else damaged.push({ where: `${name}, line ${part.line}`, reason: why });
  }
  if (members.length === 0) throw new NotJsonError(`it is neither a JSON list nor JSON lines: ${error}`);
  problems.push(...damaged);
  return members;
}
