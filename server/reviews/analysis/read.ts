import type pg from 'pg';
import type { Choice } from '../answers';
import type { Answers } from '../schema';

/** Reviews that count: neither replaced nor withdrawn nor skipped, of items that are no longer open. */

export interface CountedReview {
  taskId: string;
  reviewerId: string;
  verdict: Answers['verdict'];
  scales: Answers['scales'];
  tags: Answers['tags'];
  /** Of a pair. */
  choice: Choice | null;
}

/**
 * SQL of the reviews `r` of items `t` that count, with the queue as `$1`. Items that are open do not: what was said of
 * them is hidden until it is all there, and figures would tell.
 */
export const countedReviews = `review r JOIN review_assignment a ON a.review_id = r.id AND a.state = 'done'
  JOIN review_task t ON t.id = r.task_id AND t.state <> 'open'`;

/** By item, then by when they were first given. */
export async function readReviews(
  db: Pick<pg.ClientBase, 'query'>,
  queueId: string,
): Promise<CountedReview[]> {
  const { rows } = await db.query<CountedReview>({
    name: 'review-counted',
    text: `SELECT r.task_id AS "taskId", r.reviewer_id AS "reviewerId", r.answers->>'verdict' AS verdict,
        r.answers->'scales' AS scales, r.answers->'tags' AS tags, r.choice
      FROM ${countedReviews} WHERE r.queue_id = $1 ORDER BY t.position, r.seq`,
    values: [queueId],
  });
  return rows;
}

/** @returns reviews of one item together */
export function byItem(reviews: readonly CountedReview[]): CountedReview[][] {
  const items = new Map<string, CountedReview[]>();
  for (const review of reviews) {
    const own = items.get(review.taskId);
    if (own) own.push(review);
    else items.set(review.taskId, [review]);
  }
  return [...items.values()];
}

/**
 * Few enough that the figures can be asked for after every review, and seeded so that they stay as they are until then.
 */
export const live = { seed: 42, resamples: 1000 } as const;
