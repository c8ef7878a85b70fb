import {
  answerTo,
  isMissing,
  typeOf,
  withAnswer,
  type Answers,
  type Question,
} from '../../../server/reviews/questions/rubric';
import { viewOf } from '../_questions/views';

/** How a reviewer goes through the questions by digits: pure functions over the answers and the questions. */

/** How many choices the digits 1 to 9 reach. */
export const choicesOf = (question: Question): number => viewOf(question).choices(question);

/** The answers after the n-th choice (from 1) of a question; one that can be taken away is, chosen again. */
export function choose(answers: Answers, question: Question, n: number): Answers {
  const { choose: chosen } = viewOf(question);
  if (!chosen || n < 1 || n > choicesOf(question)) return answers;
  return withAnswer(answers, question, chosen(question, n, answerTo(answers, question)));
}

/** The place of the first question that still needs an answer; -1 where there is none. */
export const firstMissing = (answers: Answers, questions: readonly Question[]): number =>
  questions.findIndex((question) => isMissing(answers, question));

/**
 * Which question comes after one that was answered by a digit: the next that needs a choice, so that a rubric is
 * filled without other keys. Where none does it stays: a mistake is then mended by another digit.
 */
export function questionAfter(answers: Answers, questions: readonly Question[], at: number): number {
  const question = questions[at];
  if (!question || !viewOf(question).isSingle) return at;
  const next = questions.findIndex(
    (other, place) => place > at && choicesOf(other) > 0 && isMissing(answers, other),
  );
  return next < 0 ? at : next;
}

/** Whether a single choice answers the whole rubric, so that it may be sent with the choice. */
export function isSingleChoice(questions: readonly Question[]): boolean {
  const [first, ...others] = questions;
  if (!first || !viewOf(first).isSingle) return false;
  return others.every((other) => choicesOf(other) === 0 && !typeOf(other).isRequired(other));
}
