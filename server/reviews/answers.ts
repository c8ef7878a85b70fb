import { storableText } from '../platform/db/text';
import { refusals } from './refusals';
import type { Answers, Rubric, Vote } from './schema';

/** Answers against what was asked. */

export type Choice = 'first' | 'second' | 'tie' | 'both_bad';

/** What a vote chooses, whichever side it was on. @param flipped whether the second output was on the left */
export function choiceOf(vote: Vote, flipped: boolean): Choice {
  if (vote === 'tie' || vote === 'both_bad') return vote;
  return (vote === 'left') === flipped ? 'second' : 'first';
}

/** The vote that a choice is, to somebody who sees the sides so. */
export function voteOf(choice: Choice, flipped: boolean): Vote {
  if (choice === 'tie' || choice === 'both_bad') return choice;
  return (choice === 'second') === flipped ? 'left' : 'right';
}

/**
 * Answers as they are kept: exactly what was asked, tags once and in the rubric's order.
 * @param rubric null for pairs
 * @throws StudioError BAD_REQUEST for a question that is not answered, or an answer to none
 */
export function checkAnswers(answers: Answers, rubric: Rubric | null): Answers {
  const comment = storableText(answers.comment.trim());
  if (!rubric) {
    if (!answers.vote) throw incomplete('vote', 'Choose left, right, tie or both bad.');
    if (answers.verdict || answers.tags.length > 0 || Object.keys(answers.scales).length > 0)
      throw unknown('This is a pair: vote on it; there are no other questions.');
    return { verdict: null, scales: {}, tags: [], comment, vote: answers.vote };
  }
  if (answers.vote) throw unknown('This is not a pair, so there is nothing to vote on.');
  if (rubric.verdict && !answers.verdict)
    throw incomplete('verdict', `Say pass or fail: ${rubric.verdict.question}`);
  if (!rubric.verdict && answers.verdict) throw unknown('This rubric has no pass or fail question.');
  const scales: Record<string, number> = {};
  for (const { key, name } of rubric.scales) {
    const value = answers.scales[key];
    if (value === undefined) throw incomplete(key, `Answer “${name}”.`, name);
    scales[key] = value;
  }
  if (Object.keys(answers.scales).length > rubric.scales.length)
    throw unknown('The answers include a scale that is not in the rubric.');
  const tags = rubric.tags.map(({ key }) => key).filter((key) => answers.tags.includes(key));
  if (answers.tags.some((tag) => !tags.includes(tag)))
    throw unknown('The answers include a tag that is not in the rubric.');
  if (rubric.comment === 'required' && comment === '') throw incomplete('comment', 'A comment is required.');
  if (rubric.comment === 'none' && comment !== '') throw unknown('This rubric doesn’t take comments.');
  return { verdict: answers.verdict ?? null, scales, tags, comment, vote: null };
}

const incomplete = (question: string, message: string, name = question) =>
  refusals.answer('ANSWERS_INCOMPLETE', message, { question: name });
const unknown = (message: string) =>
  refusals.answer('ANSWERS_UNKNOWN', `${message} Reload the page: the rubric may have changed.`);

/** Whether two answers, both as they are kept, say the same. */
export const sameAnswers = (a: Answers, b: Answers): boolean =>
  (a.verdict ?? null) === (b.verdict ?? null) &&
  (a.vote ?? null) === (b.vote ?? null) &&
  a.comment === b.comment &&
  a.tags.join() === b.tags.join() &&
  Object.keys({ ...a.scales, ...b.scales }).every((key) => a.scales[key] === b.scales[key]);
