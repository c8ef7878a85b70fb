import type pg from 'pg';
import type { z } from 'zod';
import type { Me } from '../accounts/schema';
import { storableJson } from '../platform/db/text';
import { transaction } from '../platform/db/transaction';
import { StudioError } from '../platform/errors/errors';
import { checkAnswers, sameAnswers } from './answers';
import { leaseSeconds } from './expiry';
import { answersOf, keep, type KeptAnswers } from './kept';
import { leasesOf } from './leases';
import type { Choice } from './questions/choice';
import { lockProgress, lockProgressOfTask, queueFor, queueOfTask, type Queue } from './queue';
import type { ReviewDeps } from './queues';
import { appendReview, lockTask, reviewOfRequest, settle, type Assignment, type LockedTask } from './record';
import { refusals } from './refusals';
import type {
  Answers,
  changeReviewSchema,
  Lease,
  saveDraftSchema,
  skipSchema,
  submitReviewSchema,
  undoSchema,
} from './schema';

/** What a reviewer does with an item: review, skip, take back, change. */

/** One transaction of a reviewer on an item of a queue. */
function onTask<T>(
  { db }: ReviewDeps,
  user: Me,
  taskId: string,
  work: (client: pg.ClientBase, queue: Queue, task: LockedTask) => Promise<T>,
): Promise<T> {
  return transaction(db.pool, async (client) => {
    const [, task, queue] = await Promise.all([
      lockProgressOfTask(client, taskId, user.id),
      lockTask(client, user, taskId),
      // Read behind the locks: it may have been closed meanwhile.
      queueOfTask(client, user, taskId),
    ]);
    return work(client, queue, task);
  });
}

/** @throws StudioError CONFLICT or FORBIDDEN where nothing is taken in from this person */
function checkOpen(queue: Queue): void {
  if (queue.state === 'closed') throw refusals.closed();
  if (!queue.isFor) throw refusals.notAssigned();
}

/**
 * One's own place at an item, proved by its lease. One that ran out still counts where nobody took the place.
 * @throws StudioError CONFLICT: NOT_LEASED, LEASE_LOST, ITEM_DECIDED
 */
function checkLease({ mine, state, taken, needed }: LockedTask, lease: string): Assignment {
  if (!mine) throw refusals.notYours();
  if (state === 'adjudicated') throw refusals.decided();
  if (state !== 'open' || mine.lease !== lease) throw refusals.leaseLost();
  if (mine.state === 'released' && taken >= needed) throw refusals.leaseLost();
  return mine;
}

/**
 * Takes in a review. Sent twice, by request or by a double click, it is one. What is refused because the item
 * or the queue is no longer this reviewer's is kept as their draft.
 * @throws StudioError BAD_REQUEST for answers that do not fit the rubric; CONFLICT LEASE_LOST, QUEUE_CLOSED, ALREADY_REVIEWED …
 */
export async function submitReview(
  deps: ReviewDeps,
  user: Me,
  { taskId, lease, answers, spentMs, requestId }: z.output<typeof submitReviewSchema>,
): Promise<{ reviewId: string }> {
  try {
    return await onTask(deps, user, taskId, async (client, queue, task) => {
      const sent = await reviewOfRequest(client, user, taskId, requestId);
      if (sent) return { reviewId: sent };
      const { mine } = task;
      if (mine?.state === 'done' || mine?.state === 'skipped') {
        const present = await answersOfReview(client, mine.reviewId!, mine.flipped);
        if (present && sameAnswers(present, checkAnswers(answers, queue.rubric), queue.rubric))
          return { reviewId: mine.reviewId! };
        throw refusals.alreadyReviewed();
      }
      checkOpen(queue);
      const { flipped, reviewId: replaces } = checkLease(task, lease);
      const checked = checkAnswers(answers, queue.rubric);
      const shown = queue.kind === 'pair' && flipped;
      const reviewId = await appendReview(client, user, queue, taskId, {
        ...{ kind: 'review', answers: checked, replaces, requestId, spentMs, flipped: shown },
      });
      await Promise.all([
        setAssignment(client, user, taskId, 'done', reviewId),
        client.query('DELETE FROM review_draft WHERE task_id = $1 AND user_id = $2', [taskId, user.id]),
      ]);
      if (task.given + 1 >= task.needed) await settle(client, queue, taskId);
      return { reviewId };
    });
  } catch (error) {
    if (error instanceof StudioError && keptAsDraft.has(error.reason ?? ''))
      await keepDraft(deps.db.pool, user, taskId, answers);
    throw error;
  }
}

const keptAsDraft = new Set(['LEASE_LOST', 'QUEUE_CLOSED', 'NOT_ASSIGNED', 'ITEM_DECIDED']);

/** What a review says, to somebody who has the outputs so; null of a skip or a withdrawal. */
async function answersOfReview(
  client: pg.ClientBase,
  reviewId: string,
  flipped: boolean,
): Promise<Answers | null> {
  const { rows } = await client.query<{ answers: KeptAnswers | null; choice: Choice | null }>(
    'SELECT answers, choice FROM review WHERE id = $1',
    [reviewId],
  );
  const { answers = null, choice = null } = rows[0] ?? {};
  return answers && answersOf(answers, choice, flipped);
}

async function setAssignment(
  client: pg.ClientBase,
  user: Me,
  taskId: string,
  state: 'done' | 'skipped',
  reviewId: string,
): Promise<void> {
  await client.query({
    name: 'review-set-assignment',
    text: `UPDATE review_assignment SET state = $3::review_assignment_state, review_id = $4
      WHERE task_id = $1 AND user_id = $2`,
    values: [taskId, user.id, state, reviewId],
  });
}

/** Only of an item that the reviewer has or had and has not reviewed since. @returns whether it was kept */
async function keepDraft(
  db: Pick<pg.ClientBase, 'query'>,
  user: Me,
  taskId: string,
  answers: Answers,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO review_draft (task_id, user_id, answers)
     SELECT task_id, user_id, $3 FROM review_assignment WHERE task_id = $1 AND user_id = $2 AND state IN ('leased', 'released')
     ON CONFLICT (task_id, user_id) DO UPDATE SET answers = excluded.answers, saved_at = now()`,
    [taskId, user.id, storableJson(keep(answers))],
  );
  return rowCount === 1;
}

/**
 * Keeps what is filled in, whatever is missing of it, and renews the lease. After the review it does nothing.
 * @throws StudioError NOT_FOUND
 */
export async function saveDraft(
  deps: ReviewDeps,
  user: Me,
  { taskId, lease, answers }: z.output<typeof saveDraftSchema>,
): Promise<{ expiresAt: Date | null }> {
  return onTask(deps, user, taskId, async (client, queue, task) => {
    if (!task.mine || task.mine.lease !== lease) return { expiresAt: null };
    await keepDraft(client, user, taskId, answers);
    const { rows } = await client.query<{ expiresAt: Date }>(
      `UPDATE review_assignment SET lease_expires_at = now() + interval '${leaseSeconds} seconds'
       WHERE task_id = $1 AND user_id = $2 AND state = 'leased' RETURNING lease_expires_at AS "expiresAt"`,
      [taskId, user.id],
    );
    return { expiresAt: queue.state === 'open' ? (rows[0]?.expiresAt ?? null) : null };
  });
}

/** Leaves an item to others, for good. Repeating does nothing. @throws StudioError as submitReview */
export async function skipItem(
  deps: ReviewDeps,
  user: Me,
  { taskId, lease, reason }: z.output<typeof skipSchema>,
): Promise<void> {
  await onTask(deps, user, taskId, async (client, queue, task) => {
    if (task.mine?.state === 'skipped') return;
    if (task.mine?.state === 'done') throw refusals.alreadyReviewed();
    checkOpen(queue);
    const { reviewId: replaces } = checkLease(task, lease);
    const review = await appendReview(client, user, queue, taskId, { kind: 'skip', reason, replaces });
    await setAssignment(client, user, taskId, 'skipped', review);
  });
}

/**
 * Takes back the last review or skip of this reviewer in the queue: the item is theirs again, with what they said as
 * its draft. Sent twice with one request id it takes back one.
 * @throws StudioError CONFLICT: NOTHING_TO_UNDO, ITEM_DECIDED, PLACE_TAKEN, QUEUE_CLOSED; BAD_REQUEST REQUEST_REUSED
 */
export async function undoLast(
  { db }: ReviewDeps,
  user: Me,
  { queueId, requestId }: z.output<typeof undoSchema>,
): Promise<Lease> {
  return transaction(db.pool, async (client) => {
    await queueFor(client, user, queueId);
    await lockProgress(client, queueId, user.id);
    const before = requestId && (await undoneBy(client, user, queueId, requestId));
    if (before) return before;
    const { rows } = await client.query<{ id: string; taskId: string }>(
      `SELECT r.id, r.task_id AS "taskId" FROM review r JOIN review_assignment a ON a.review_id = r.id
       WHERE r.queue_id = $1 AND r.reviewer_id = $2 AND a.state IN ('done', 'skipped') ORDER BY r.seq DESC LIMIT 1`,
      [queueId, user.id],
    );
    const [last] = rows;
    if (!last) throw refusals.nothingToUndo();
    const task = await lockTask(client, user, last.taskId);
    const queue = await queueFor(client, user, queueId);
    checkOpen(queue);
    if (task.state === 'adjudicated') throw refusals.decided();
    if (task.mine!.state === 'skipped' && (task.state !== 'open' || task.taken >= task.needed))
      throw refusals.placeTaken();
    const withdrawal = await appendReview(client, user, queue, task.id, {
      ...{ kind: 'withdrawal', replaces: last.id, requestId },
    });
    await client.query(
      `UPDATE review_assignment SET state = 'leased', review_id = $3, lease = gen_random_uuid(), leased_at = now(),
         lease_expires_at = now() + interval '${leaseSeconds} seconds' WHERE task_id = $1 AND user_id = $2`,
      [task.id, user.id, withdrawal],
    );
    if (task.state !== 'open') await settle(client, queue, task.id);
    const said = await answersOfReview(client, last.id, task.mine!.flipped);
    if (said) await keepDraft(client, user, task.id, said);
    const [lease] = await leasesOf(client, user, queue, task.id);
    return lease!;
  });
}

/**
 * What an undo gave that was sent before, its answer lost on the way; null where it was not sent.
 * @throws StudioError CONFLICT NOTHING_TO_UNDO where the item went on since; BAD_REQUEST REQUEST_REUSED
 */
async function undoneBy(
  client: pg.ClientBase,
  user: Me,
  queueId: string,
  requestId: string,
): Promise<Lease | null> {
  const { rows } = await client.query<{ taskId: string; undo: boolean }>(
    `SELECT task_id AS "taskId", kind = 'withdrawal' AND queue_id = $3 AS undo FROM review
     WHERE reviewer_id = $1 AND request_id = $2`,
    [user.id, requestId, queueId],
  );
  const [sent] = rows;
  if (!sent) return null;
  if (!sent.undo) throw refusals.requestReused();
  const [lease] = await leasesOf(client, user, await queueFor(client, user, queueId), sent.taskId);
  if (!lease) throw refusals.nothingToUndo();
  return lease;
}

/**
 * Puts another review in the place of one's own, with a reason; both stay in the record. An item may become disputed by
 * it, or be so no longer.
 * @param discussion whether it is to settle a dispute, after reading what the others said
 * @throws StudioError CONFLICT: NOT_REVIEWED, ITEM_DECIDED, QUEUE_CLOSED, NOTHING_TO_DISCUSS; BAD_REQUEST for answers that do not fit
 */
export async function changeReview(
  deps: ReviewDeps,
  user: Me,
  { taskId, answers, reason, discussion }: z.output<typeof changeReviewSchema>,
): Promise<{ reviewId: string }> {
  return onTask(deps, user, taskId, async (client, queue, task) => {
    if (task.mine?.state !== 'done') throw refusals.notReviewed();
    if (queue.state === 'closed') throw refusals.closed();
    if (task.state === 'adjudicated') throw refusals.decided();
    const { reviewId: replaces } = task.mine;
    const checked = checkAnswers(answers, queue.rubric);
    const present = await answersOfReview(client, replaces!, false);
    // Sent twice it is one change.
    if (present && sameAnswers(present, checked, queue.rubric)) return { reviewId: replaces! };
    if (discussion && task.state !== 'adjudicate') throw refusals.nothingToDiscuss();
    const reviewId = await appendReview(client, user, queue, taskId, {
      ...{ kind: 'review', answers: checked, reason, replaces, discussed: discussion },
    });
    await setAssignment(client, user, taskId, 'done', reviewId);
    if (task.given >= task.needed) await settle(client, queue, taskId);
    return { reviewId };
  });
}
