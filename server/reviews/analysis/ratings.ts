import { rateModels, type PairVote } from '../../../eval/statistics';
import type { Me } from '../../accounts/schema';
import { queueFor } from '../queue';
import type { ReviewDeps } from '../queues';
import type { Ratings } from '../schema';
import { live, readReviews, untilNextReview } from './read';

/**
 * Ratings of the models of a queue of pairs from its reviewers' votes. Decisions in disputes are no votes.
 * @returns null for a queue that has no pairs
 * @throws StudioError NOT_FOUND
 */
export async function ratingsOf({ db }: ReviewDeps, user: Me, queueId: string): Promise<Ratings | null> {
  const { kind } = await queueFor(db.pool, user, queueId);
  if (kind !== 'pair') return null;
  return untilNextReview(db.pool, 'ratings', queueId, () => rate({ db }, queueId));
}

async function rate({ db }: ReviewDeps, queueId: string): Promise<Ratings> {
  const [{ rows: names }, reviews] = await Promise.all([
    // The two models are the same ones in every item.
    db.pool.query<{ model: string | null }>(
      `SELECT o.model FROM review_output o JOIN review_task t ON t.id = o.task_id
       WHERE t.queue_id = $1 AND t.position = 0 ORDER BY o.position`,
      [queueId],
    ),
    readReviews(db.pool, queueId),
  ]);
  const [first = 'first', second = 'second'] = names.map(({ model }) => model ?? undefined);
  const votes = reviews.flatMap(({ taskId, choice }): PairVote[] =>
    choice ? [{ first, second, outcome: choice, item: taskId }] : [],
  );
  const { models, groups, ...counts } = rateModels(votes, live);
  return {
    ...{ votes: counts.votes, ties: counts.ties, bothBad: counts.bothBad },
    models: models.map(({ group: _, interval, ...model }) => ({
      ...model,
      interval: interval && ([...interval] as [number, number]),
    })),
    // Before the first vote that says which is better nobody has won or lost anything.
    separated: groups.length > 1 && votes.length > counts.bothBad ? models.map(({ model }) => model) : null,
  };
}
