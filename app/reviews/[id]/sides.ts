import { choiceIn } from '../../../server/reviews/questions/choice';
import type { Answers, ReviewView, TaskRow } from '@/server/reviews/schema';

/**
 * Sides of a pair whose models are hidden. In the queue one model is always the first; shown so, whoever decides about
 * several pairs would learn which is which. So half of them, by their ids, change sides until the names may be seen.
 */

export function changesSides({ item: { outputs, taskId } }: Pick<TaskRow, 'item'>): boolean {
  if (outputs.length !== 2 || outputs.some(({ model }) => model !== null)) return false;
  let sum = 0;
  for (const letter of taskId) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return ((sum ^ (sum >>> 16)) & 1) === 1;
}

/** Answers to a pair as they are after its sides changed, and back. */
export const onOtherSide = (answers: Answers): Answers => ({
  ...answers,
  choice: answers.choice && choiceIn(answers.choice, true),
});

/** A row as it is shown: its outputs and all choices on the sides that are drawn. */
export function asShown(row: TaskRow): TaskRow {
  if (!changesSides(row)) return row;
  return {
    ...row,
    item: { ...row.item, outputs: row.item.outputs.toReversed() },
    reviews: row.reviews.map((review): ReviewView => {
      return { ...review, answers: review.answers && onOtherSide(review.answers) };
    }),
  };
}
