import { isObject, tryParse } from '../json';
import type { Problem } from '../problem';
import { NotJsonError, readLines, repeatedKeys } from './json';
import { isRightChoice } from './parse-choice';
import { isRightOpen, parseOpen } from './parse-open';
import { OFFICIAL_TABLE, subjectOfId } from './subjects';
import { UnscorableError, type ScoredResponse } from './types';
import { parseAnswer } from './validate';

export interface ScoredPredictions {
  scored: ScoredResponse[];
  problems: Problem[];
  /** How many answers there are of each subject. */
  expected: Map<string, number>;
}

/**
 * Scores predictions that were parsed before, as the official main_eval_only.py.
 * @param predictions JSON `{id: letter or text}`, or JSON lines of `{id, prediction}`
 * @param answers JSON `{id: {question_type, ground_truth}}`, or JSON lines of them with their `id`
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
      scored.push({ id, subject, correct: isRight(gold.get(id), prediction), guess: null });
    } catch (error) {
      if (!(error instanceof UnscorableError)) throw error;
      problems.push({ where: id, reason: error.message });
    }
  }
  const order = (response: ScoredResponse): number => subjects.indexOf(response.subject);
  return { scored: scored.sort((a, b) => order(a) - order(b)), problems, expected };
}

function isRight(gold: unknown, prediction: unknown): boolean {
  if (!isObject(gold)) throw new UnscorableError('has an answer to compare with that is no object');
  if (prediction === undefined || prediction === null) throw new UnscorableError('has no prediction');
  const answer = parseAnswer(gold.ground_truth);
  if (gold.question_type === 'multiple-choice') return isRightChoice(answer, prediction);
  if (typeof prediction !== 'string') throw new UnscorableError('has a prediction that is no text');
  return isRightOpen(answer, parseOpen(prediction));
}

/** Values by id, in the order of the file; of two with one id the last counts in JSON, the first in lines. */
function readById(
  text: string,
  name: string,
  problems: Problem[],
  valueOf: (line: Record<string, unknown>) => unknown,
): Map<string, unknown> {
  const { value, error } = tryParse(text);
  if (isObject(value) && !('id' in value)) {
    for (const id of repeatedKeys(text, value))
      problems.push({ where: id, reason: `stands in the ${name} more than once; the last counts` });
    return new Map(Object.entries(value));
  }
  if (error === undefined && !isObject(value)) throw new NotJsonError(`the ${name} are no JSON object`);
  const byId = new Map<string, unknown>();
  const lines = readLines(text, name, error);
  problems.push(...lines.problems);
  for (const { where, value: line } of lines.entries)
    if (!isObject(line) || typeof line.id !== 'string') problems.push({ where, reason: 'has no id' });
    else if (byId.has(line.id))
      problems.push({ where: line.id, reason: `stands in the ${name} more than once; the first counts` });
    else byId.set(line.id, valueOf(line));
  return byId;
}
