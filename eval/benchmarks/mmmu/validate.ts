import { isObject } from '../json';
import { UnscorableError, type MmmuResponse } from './types';

/**
 * One entry of an official output.json: `{id, question_type, answer, all_choices, index2ans, response}`.
 * @throws UnscorableError with the reason why it cannot be scored
 */
export function parseOutput(value: unknown, subject: string): MmmuResponse {
  if (!isObject(value)) throw new UnscorableError('is not a JSON object');
  const { id, question_type: kind, response } = value;
  if (typeof id !== 'string') throw new UnscorableError('has no id');
  if (response === undefined || response === null) throw new UnscorableError('has no response');
  if (typeof response !== 'string') throw new UnscorableError('has a response that is no text');
  const common = { id, subject, response, answer: parseAnswer(value.answer) };
  if (kind !== 'multiple-choice') return { ...common, kind: 'open' };
  const { all_choices: choices, index2ans: options } = value;
  if (!isTextList(choices) || choices.length === 0) throw new UnscorableError('has no all_choices');
  if (!isObject(options)) throw new UnscorableError('has no index2ans');
  return { ...common, kind, choices, options };
}

/** The gold answer: one text, or several that count as right. @throws UnscorableError */
export function parseAnswer(value: unknown): string | string[] {
  if (value === undefined || value === null) throw new UnscorableError('has no answer to compare with');
  if (typeof value === 'string' || isTextList(value)) return value;
  throw new UnscorableError('has an answer to compare with that is neither a text nor a list of texts');
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
