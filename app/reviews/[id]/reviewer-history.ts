import type { ReviewView, TaskRow } from '@/server/reviews/schema';

/** Everything that one reviewer said about an item, the newest first. */
export interface Voice {
  reviewer: ReviewView['reviewer'];
  /** What counts now; null where it was withdrawn, or the item was skipped. */
  current: ReviewView | null;
  /** All of it, the newest first: reviews, changes, withdrawals, skips. */
  history: ReviewView[];
}

const newestFirst = (a: ReviewView, b: ReviewView) => b.createdAt.getTime() - a.createdAt.getTime();

/** What each reviewer said, in the order of their first word; adjudications are apart. */
export function voicesOf(reviews: readonly ReviewView[]): Voice[] {
  const given = reviews.filter(({ kind }) => kind !== 'adjudication');
  const order = [...new Map(given.map(({ reviewer }) => [reviewer.id, reviewer])).values()];
  return order.map((reviewer) => {
    const history = given.filter((review) => review.reviewer.id === reviewer.id).sort(newestFirst);
    const [newest] = history;
    return { reviewer, history, current: newest?.kind === 'review' ? newest : null };
  });
}

/** The decision that counts; null before there is one. */
export const decisionOf = (reviews: readonly ReviewView[]): ReviewView | null =>
  reviews.filter(({ kind }) => kind === 'adjudication').sort(newestFirst)[0] ?? null;

/** Whether somebody reviewed the item, and so cannot decide about it. */
export const hasReviewed = (row: Pick<TaskRow, 'reviews'>, userId: string): boolean =>
  row.reviews.some(({ kind, reviewer }) => kind === 'review' && reviewer.id === userId);
