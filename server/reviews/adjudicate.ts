import type { z } from 'zod';
import type { Me } from '../accounts/schema';
import { transaction } from '../platform/db/transaction';
import { checkAnswers } from './answers';
import { mayChange } from './people';
import { lockProgressOfTask, queueOfTask } from './queue';
import type { ReviewDeps } from './queues';
import { appendReview, lockTask, reviewOfRequest } from './record';
import { refusals } from './refusals';
import type { adjudicateSchema } from './schema';

/**
 * Decides an item on which reviewers disagree: somebody who did not review it, or an admin, who may have: in a team of
 * two there may be nobody else, and the record shows it. Whoever leads the queue can
 * also decide an item that was skipped, on which nobody else may ever agree.
 * @throws StudioError CONFLICT NOTHING_TO_ADJUDICATE, QUEUE_CLOSED; FORBIDDEN OWN_REVIEW; BAD_REQUEST for the answers
 */
export async function adjudicate(
  { db }: ReviewDeps,
  user: Me,
  { taskId, answers, reason, requestId }: z.output<typeof adjudicateSchema>,
): Promise<{ reviewId: string }> {
  return transaction(db.pool, async (client) => {
    const [, task, queue] = await Promise.all([
      lockProgressOfTask(client, taskId, user.id),
      lockTask(client, user, taskId),
      queueOfTask(client, user, taskId),
    ]);
    const sent = await reviewOfRequest(client, user, taskId, requestId);
    if (sent) return { reviewId: sent };
    if (queue.state === 'closed') throw refusals.closed();
    const skipped = task.state === 'open' && task.skips > 0 && mayChange(user, queue.createdBy);
    if (task.state !== 'adjudicate' && !skipped) throw refusals.nothingToAdjudicate();
    const own = await client.query(
      `SELECT 1 FROM review WHERE task_id = $1 AND reviewer_id = $2 AND kind = 'review' LIMIT 1`,
      [taskId, user.id],
    );
    if (own.rowCount && user.role !== 'admin') throw refusals.ownReview();
    const reviewId = await appendReview(client, user, queue, taskId, {
      ...{ kind: 'adjudication', answers: checkAnswers(answers, queue.rubric), reason, requestId },
    });
    await client.query(`UPDATE review_task SET state = 'adjudicated' WHERE id = $1`, [taskId]);
    await client.query(
      `UPDATE review_assignment SET state = 'released' WHERE task_id = $1 AND state = 'leased'`,
      [taskId],
    );
    return { reviewId };
  });
}
