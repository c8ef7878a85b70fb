import type pg from 'pg';
import type { z } from 'zod';
import type { Me } from '../accounts/schema';
import { transaction } from '../platform/db/transaction';
import { expireLeases, leaseSeconds } from './expiry';
import { itemColumns, itemView, type KeptItem } from './items';
import { lockProgress, queueFor, type Queue } from './queue';
import { blockedFor, type ReviewDeps } from './queues';
import { refusals } from './refusals';
import { readKept, type KeptAnswers } from './kept';
import type { Lease, nextSchema, NextResult } from './schema';

/**
 * Handing out items. Which one is next:
 * 1. items that somebody has reviewed and that need more, the nearest to their end first, so that items get finished;
 *    of these the first 50 are looked at, so that it takes no longer when there are many;
 * 2. items that nobody has, in their order, so that no two reviewers start at one item needlessly;
 * 3. whatever else has room, from where this reviewer's search stopped, round and round: so nothing is left out for good.
 */
const begunLookedAt = 50;

/** Renews what is held, hands out more. @throws StudioError NOT_FOUND, FORBIDDEN */
export async function nextItems(
  { db }: ReviewDeps,
  user: Me,
  { queueId, holding, count }: z.output<typeof nextSchema>,
): Promise<NextResult> {
  return transaction(db.pool, async (client) => {
    const [queue, cursor] = await Promise.all([
      queueFor(client, user, queueId),
      lockProgress(client, queueId, user.id),
    ]);
    if (!queue.isFor) throw refusals.notAssigned();
    if (queue.state === 'closed')
      return {
        leases: [],
        left: 0,
        reviewed: (await standing(client, user, queueId)).reviewed,
        nothing: 'closed',
      };
    // Sent together, run one after the other.
    const [, held, before] = await Promise.all([
      expireLeases(client, queueId),
      renew(client, user, queueId, holding),
      standing(client, user, queueId),
    ]);
    const wanted = Math.min(count - held, before.left);
    const picked = wanted > 0 ? await pick(client, user, queue, wanted, cursor) : 0;
    const leases = await leasesOf(client, user, queue);
    return {
      leases,
      left: before.left - picked,
      reviewed: before.reviewed,
      nothing: leases.length > 0 ? null : await whyNothing(client, user, queueId),
    };
  });
}

/**
 * How many are open to a reviewer besides those they have, and what they did. Of somebody who did thousands the first is
 * counted anew every 10 s only, as long as more than a thousand are left: counting takes as long as they did items.
 */
async function standing(client: pg.ClientBase, user: Me, queueId: string) {
  const { rows } = await client.query<{ left: number; reviewed: number }>({
    name: 'review-standing',
    text: `UPDATE review_progress p SET (blocked, blocked_at) = (SELECT
          CASE WHEN known.good THEN p.blocked ELSE ${blockedFor('$2')} END, CASE WHEN known.good THEN p.blocked_at ELSE now() END
        FROM (SELECT p.reviews > 1000 AND p.blocked_at > now() - interval '10 seconds' AND q.room - p.blocked > 1000 AS good) known)
      FROM review_queue q WHERE q.id = $1 AND p.queue_id = $1 AND p.user_id = $2
      RETURNING q.room - p.blocked AS left, p.reviews AS reviewed`,
    values: [queueId, user.id],
  });
  return rows[0]!;
}

/** Why there is nothing for a reviewer: whether others have items that they neither did nor skipped. */
async function whyNothing(client: pg.ClientBase, user: Me, queueId: string): Promise<'others' | 'done'> {
  const { rows } = await client.query<{ others: boolean }>(
    `SELECT q.items - q.done > (SELECT count(*) FROM review_assignment a JOIN review_task t ON t.id = a.task_id
       WHERE a.user_id = $2 AND a.queue_id = q.id AND a.state IN ('done', 'skipped') AND t.state = 'open') AS others
     FROM review_queue q WHERE q.id = $1`,
    [queueId, user.id],
  );
  return rows[0]?.others ? 'others' : 'done';
}

const until = `now() + interval '${leaseSeconds} seconds'`;

/** Renews one's leases; one that ran out is taken again where nobody took its place. @returns how many are leased */
async function renew(
  client: pg.ClientBase,
  user: Me,
  queueId: string,
  holding: readonly string[],
): Promise<number> {
  const renewing = client.query({
    name: 'review-renew',
    text: `WITH mine AS (
        SELECT a.task_id FROM review_assignment a JOIN review_task t ON t.id = a.task_id
        WHERE a.user_id = $2 AND a.queue_id = $1 AND t.state = 'open' AND (a.state = 'leased'
          OR a.state = 'released' AND a.task_id = ANY($3::uuid[]) AND t.taken < t.needed)
        FOR UPDATE OF t, a SKIP LOCKED)
      UPDATE review_assignment a SET state = 'leased', lease_expires_at = ${until} FROM mine
      WHERE a.task_id = mine.task_id AND a.user_id = $2`,
    values: [queueId, user.id, holding],
  });
  // One whose item another reviewer is just sending was passed over, and is leased all the same; one that ran out and is
  // being taken by another this moment is not.
  const counting = client.query<{ n: number }>({
    name: 'review-held',
    text: `SELECT count(*)::int AS n FROM review_assignment WHERE user_id = $2 AND queue_id = $1 AND state = 'leased'
      AND lease_expires_at > now()`,
    values: [queueId, user.id],
  });
  const [, { rows }] = await Promise.all([renewing, counting]);
  return rows[0]!.n;
}

async function pick(
  client: pg.ClientBase,
  user: Me,
  queue: Queue,
  wanted: number,
  cursor: number,
): Promise<number> {
  let left = wanted;
  const take = async (name: string, source: string, condition: string, order: string, ...more: number[]) => {
    if (left === 0) return;
    const { rows } = await client.query<{ position: number }>({
      name: `review-take-${name}`,
      text: takeStatement(source, condition, order),
      values: [queue.id, user.id, left, ...more],
    });
    left -= rows.length;
    return rows;
  };
  if (queue.reviewsPerItem > 1)
    await take(
      'begun',
      `(SELECT id FROM review_task WHERE queue_id = $1 AND state = 'open' AND taken < needed AND given > 0
        ORDER BY given DESC, position LIMIT ${begunLookedAt}) near JOIN review_task t ON t.id = near.id`,
      `t.state = 'open' AND t.taken < t.needed`,
      't.given DESC, t.position',
    );
  await take(
    'untouched',
    'review_task t',
    `t.queue_id = $1 AND t.state = 'open' AND t.taken = 0 AND t.skips = 0`,
    't.position',
  );
  const room = `t.queue_id = $1 AND t.state = 'open' AND t.taken < t.needed`;
  const after = await take('after', 'review_task t', `${room} AND t.position >= $4`, 't.position', cursor);
  const around = await take('around', 'review_task t', `${room} AND t.position < $4`, 't.position', cursor);
  const last = (around?.length ? around : after)?.at(-1);
  if (last)
    await client.query('UPDATE review_progress SET cursor = $3 WHERE queue_id = $1 AND user_id = $2', [
      queue.id,
      user.id,
      last.position + 1,
    ]);
  return wanted - left;
}

/** Takes places in one statement: `$1` the queue, `$2` the reviewer, `$3` how many. Items that others are at are passed over. */
const takeStatement = (source: string, condition: string, order: string) => `WITH picked AS (
    SELECT t.id, t.position FROM ${source} WHERE ${condition} AND NOT EXISTS (SELECT 1 FROM review_assignment mine
      WHERE mine.task_id = t.id AND mine.user_id = $2 AND mine.state <> 'released')
    ORDER BY ${order} LIMIT $3 FOR UPDATE OF t SKIP LOCKED),
  taken AS (INSERT INTO review_assignment AS a (task_id, user_id, queue_id, state, lease, lease_expires_at, flipped)
    SELECT id, $2, $1, 'leased', gen_random_uuid(), ${until}, random() < 0.5 FROM picked
    ON CONFLICT (task_id, user_id) DO UPDATE SET state = 'leased', lease = excluded.lease, leased_at = now(),
      lease_expires_at = excluded.lease_expires_at WHERE a.state = 'released' RETURNING task_id)
  SELECT position FROM picked JOIN taken ON taken.task_id = picked.id ORDER BY position`;

type LeasedRow = KeptItem & { lease: string; expiresAt: Date; flipped: boolean; draft: KeptAnswers | null };

/**
 * The items that a reviewer has, in the order in which they got them.
 * @param taskId that one alone
 */
export async function leasesOf(
  client: pg.ClientBase,
  user: Me,
  queue: Queue,
  taskId: string | null = null,
): Promise<Lease[]> {
  const { rows } = await client.query<LeasedRow>({
    name: 'review-leases',
    text: `SELECT a.lease, a.lease_expires_at AS "expiresAt", a.flipped, d.answers AS draft, ${itemColumns}
      FROM review_assignment a JOIN review_task t ON t.id = a.task_id
      LEFT JOIN review_draft d ON d.task_id = a.task_id AND d.user_id = a.user_id
      WHERE a.user_id = $2 AND a.queue_id = $1 AND a.state = 'leased' AND a.lease_expires_at > now()
        AND ($3::uuid IS NULL OR t.id = $3)
      ORDER BY a.leased_at, t.position`,
    values: [queue.id, user.id, taskId],
  });
  const hidden = queue.blind;
  return rows.map(({ lease, expiresAt, flipped, draft, ...item }) => ({
    ...{ lease, expiresAt, draft: draft && readKept(draft) },
    item: itemView(item, { flipped: queue.kind === 'pair' && flipped, hidden }),
  }));
}

/** Gives items back unreviewed. Those that are not this reviewer's are passed over. */
export async function releaseItems({ db }: ReviewDeps, user: Me, taskIds: readonly string[]): Promise<void> {
  await db.pool.query(
    `WITH mine AS (SELECT a.task_id FROM review_assignment a JOIN review_task t ON t.id = a.task_id
       WHERE a.user_id = $1 AND a.task_id = ANY($2::uuid[]) AND a.state = 'leased' FOR UPDATE OF t, a SKIP LOCKED)
     UPDATE review_assignment a SET state = 'released' FROM mine WHERE a.task_id = mine.task_id AND a.user_id = $1`,
    [user.id, taskIds],
  );
}
