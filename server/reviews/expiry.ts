import type { Client } from './queue';
import { mayReview } from './people';

/** How long an item stays with a reviewer of whom nothing is heard. */
export const leaseSeconds = 300;

/**
 * Frees what nobody is at any more: leases that ran out, and those of people who may not review any more or for whom the
 * queue is no more. The reviewer's own lease still counts where nobody took the place meanwhile. Rows that are in use
 * this moment are passed over.
 * @param queueId null for every queue
 */
export async function expireLeases(db: Client, queueId: string | null): Promise<void> {
  await db.query({
    name: queueId ? 'review-expire' : 'review-expire-all',
    // Of every queue one at a time: two at once could each wait for a queue that the other has counted.
    text: `WITH alone AS MATERIALIZED (SELECT ${queueId ? 'true' : `pg_try_advisory_xact_lock(hashtext('review expiry'))`} AS ok),
      due AS (
        SELECT a.task_id, a.user_id FROM review_assignment a JOIN review_task t ON t.id = a.task_id
        JOIN account_user u ON u.id = a.user_id
        WHERE (SELECT ok FROM alone) AND a.state = 'leased' ${queueId ? 'AND a.queue_id = $1' : ''}
          AND (a.lease_expires_at < now() OR NOT (${mayReview}) OR (
            EXISTS (SELECT 1 FROM review_assignee x WHERE x.queue_id = a.queue_id)
            AND NOT EXISTS (SELECT 1 FROM review_assignee x WHERE x.queue_id = a.queue_id AND x.user_id = a.user_id)))
        FOR UPDATE OF t, a SKIP LOCKED)
      UPDATE review_assignment a SET state = 'released' FROM due
      WHERE a.task_id = due.task_id AND a.user_id = due.user_id`,
    values: queueId ? [queueId] : [],
  });
}
