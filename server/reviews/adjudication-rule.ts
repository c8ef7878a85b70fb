import { answerTo, typeOf, type Answers, type Rubric } from './questions/rubric';

/**
 * Whether reviewers disagree so far on an item that somebody else has to decide: on one of its questions, as the type of
 * the question says (`disagree`): split verdicts, a scale two steps apart, the first output against the second. Questions
 * that the rubric does not ask, and those that somebody left open, do not count.
 * @param answers of the reviews that count, one a reviewer: not withdrawn, not replaced, not skipped; choices in the
 *   queue's order of the pair, not as the sides were drawn
 */
export function needsAdjudication(answers: readonly Answers[], { questions }: Rubric): boolean {
  return questions.some((question) => {
    const given = answers.map((one) => answerTo(one, question)).filter((answer) => answer !== null);
    return given.length > 1 && (typeOf(question).disagree?.(given) ?? false);
  });
}
