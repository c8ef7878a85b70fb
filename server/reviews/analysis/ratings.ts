import { rateModels, type PairVote } from '../../../eval/statistics';
import type { Me } from '../../accounts/schema';
import { mayStillJudge } from '../blind';
import { queueFor } from '../queue';
import type { ReviewDeps } from '../queues';
import type { Ratings } from '../schema';
import { live, readReviews, untilNextReview } from './read';

/**
 * Ratings of the models of a queue of pairs from its reviewers' votes. Decisions in disputes are no votes. Those who may
 * still judge are told of A and B, the first and the second of the queue.
 * @returns null for a queue that has no pairs
 * @throws StudioError NOT_FOUND
 */
export async function ratingsOf({ db }: ReviewDeps, user: Me, queueId: string): Promise<Ratings | null> {
  const queue = await queueFor(db.pool, user, queueId);
  if (queue.kind !== 'pair') return null;
  const hidden = mayStillJudge(user, queue);
  return untilNextReview(db.pool, hidden ? 'blind ratings' : 'ratings', queueId, async () => {
    const names: [string, string] = hidden ? ['A', 'B'] : await namesOf({ db }, queueId);
    return { ...(await rate({ db }, queueId, names)), ...(hidden ? { hidden } : {}) };
  });
}

/** The two models, which are the same ones in every item. */
async function namesOf({ db }: ReviewDeps, queueId: string): Promise<[first: string, second: string]> {
  const { rows } = await db.pool.query<{ model: string | null }>(
    `SELECT o.model FROM review_output o JOIN review_task t ON t.id = o.task_id
     WHERE t.queue_id = $1 AND t.position = 0 ORDER BY o.position`,
    [queueId],
  );
  return [rows[0]?.model ?? 'first', rows[1]?.model ?? 'second'];
}

async function rate(
  { db }: ReviewDeps,
  queueId: string,
  [first, second]: [string, string],
): Promise<Ratings> {
  const reviews = await readReviews(db.pool, queueId);
  const votes = reviews.flatMap(({ taskId, answers: { choice } }): PairVote[] =>
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
