import { isObject } from '../../json';
import { show } from '../problem';
import { UnscorableError, type MmmuResponse } from './types';

/** A response, and what is odd about it although it is scored. */
export interface ParsedOutput {
  response: MmmuResponse;
  note?: string;
}

/**
 * One entry of an official output.json: `{id, question_type, answer, all_choices, index2ans, response}`.
 * @throws UnscorableError with the reason why it cannot be scored; there the official script ends with an error
 */
export function parseOutput(value: unknown, subject: string): ParsedOutput {
  if (!isObject(value)) throw new UnscorableError('is not a JSON object');
  const { question_type: kind, response, answer } = value;
  const id = idOf(value.id);
  if (id === null) throw new UnscorableError('has no id');
  if (response === undefined || response === null) throw new UnscorableError('has no response');
  if (typeof response !== 'string') throw new UnscorableError('has a response that is no text');
  if (kind === undefined) throw new UnscorableError('has no question_type');
  const common = { id, subject, response };
  if (answer === undefined) throw new UnscorableError('has no answer to compare with');
  if (kind !== 'multiple-choice') {
    const texts = openAnswer(answer);
    return { response: { ...common, kind: 'open', answer: texts }, note: noteOf(answer, texts) };
  }
  const choices = choicesOf(value.all_choices);
  const { index2ans: options } = value;
  if (!isObject(options)) throw new UnscorableError('has no index2ans');
  const letters = choiceAnswer(answer);
  return {
    response: { ...common, kind, answer: letters, choices, options },
    note: noteOf(answer, letters),
  };
}

/** To the official script an id is whatever it is. */
export const idOf = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;

/** A list of texts, or one text, which Python takes for its characters. */
function choicesOf(value: unknown): string[] {
  const choices = typeof value === 'string' ? [...value] : value;
  if (!isTextList(choices) || choices.length === 0) throw new UnscorableError('has no all_choices');
  return choices;
}

/** What can equal a letter: nothing does that is no text, and the official script compares with anything. */
export function choiceAnswer(value: unknown): string | string[] {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/**
 * The gold answer of an open question: one text, or several that count as right.
 * @throws UnscorableError for anything else, which the official script cannot normalise
 */
export function openAnswer(value: unknown): string | string[] {
  if (typeof value === 'string' || isTextList(value)) return value;
  throw new UnscorableError(
    `has an answer to compare with that is neither a text nor a list of texts: ${show(value)}`,
  );
}

function noteOf(answer: unknown, texts: string | readonly string[]): string | undefined {
  return typeof texts === 'string' || texts.length > 0
    ? undefined
    : `has the answer ${show(answer)}, which nothing equals: it counts as wrong, as in the official script`;
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
