import { isDeepStrictEqual } from 'node:util';
import { storableText } from '../platform/db/text';
import {
  answerTo,
  fitting,
  isMissing,
  typeOf,
  unknownIn,
  withAnswer,
  type Answers,
  type Rubric,
} from './questions/rubric';
import { refusals } from './refusals';

/** Answers against what was asked. */

/**
 * Answers as they are kept: exactly what was asked, in the rubric's order, texts without space around them.
 * @throws StudioError BAD_REQUEST for a question that is not answered, or an answer to none
 */
export function checkAnswers(answers: Answers, rubric: Rubric): Answers {
  for (const question of rubric.questions)
    if (isMissing(answers, question)) {
      const { name, message } = typeOf(question).missing(question);
      throw refusals.answer('ANSWERS_INCOMPLETE', message, { question: name });
    }
  const stray = unknownIn(answers, rubric);
  if (stray)
    throw refusals.answer(
      'ANSWERS_UNKNOWN',
      `${stray.unknown} Reload the page: the rubric may have changed.`,
    );
  let checked = fitting(answers, rubric);
  for (const question of rubric.questions) {
    const answer = answerTo(checked, question);
    if (typeof answer === 'string') checked = withAnswer(checked, question, storableText(answer.trim()));
  }
  return checked;
}

/** Whether two answers to a rubric, both as they are kept, say the same. */
export const sameAnswers = (a: Answers, b: Answers, { questions }: Rubric): boolean =>
  questions.every((question) => isDeepStrictEqual(answerTo(a, question), answerTo(b, question)));
