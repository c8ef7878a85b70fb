import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Me } from '../accounts/schema';
import { record } from '../platform/audit/audit';
import { storableJson, storableText } from '../platform/db/text';
import { needsAdjudication } from './adjudication-rule';
import { answersOf, keep, type KeptAnswers } from './kept';
import { choiceIn, type Choice } from './questions/choice';
import type { Queue } from './queue';
import { refusals } from './refusals';
import type { Answers } from './schema';

/**
 * Writing the append-only record, and what follows from it for an item. Every function needs the item to be locked.
 * Statements of one connection that are sent together run one after the other; they save waiting.
 */

export interface Assignment {
  state: 'leased' | 'released' | 'done' | 'skipped';
  lease: string;
  flipped: boolean;
  /** The last of the reviewer's reviews of the item. */
  reviewId: string | null;
}

export interface LockedTask {
  id: string;
  state: 'open' | 'done' | 'adjudicate' | 'adjudicated';
  needed: number;
  taken: number;
  given: number;
  skips: number;
  /** The reviewer's own; null where they never had the item. */
  mine: Assignment | null;
}

/** Locks an item, then one's assignment of it. @throws StudioError NOT_FOUND */
export async function lockTask(client: pg.ClientBase, user: Me, taskId: string): Promise<LockedTask> {
  const [{ rows }, mine] = await Promise.all([
    client.query<Omit<LockedTask, 'mine'>>({
      name: 'review-lock-task',
      text: 'SELECT id, state, needed, taken, given, skips FROM review_task WHERE id = $1 FOR UPDATE',
      values: [taskId],
    }),
    client.query<Assignment>({
      name: 'review-lock-assignment',
      text: `SELECT state, lease, flipped, review_id AS "reviewId" FROM review_assignment
        WHERE task_id = $1 AND user_id = $2 FOR UPDATE`,
      values: [taskId, user.id],
    }),
  ]);
  if (!rows[0]) throw refusals.noItem();
  return { ...rows[0], mine: mine.rows[0] ?? null };
}

export interface NewReview {
  kind: 'review' | 'adjudication' | 'withdrawal' | 'skip';
  answers?: Answers;
  reason?: string;
  replaces?: string | null;
  requestId?: string;
  spentMs?: number;
  /** Of a pair: whether the reviewer had the second output first; a choice in the answers is in that order. */
  flipped?: boolean;
  /** Of a change: made in a dispute, after reading what the others said. */
  discussed?: boolean;
}

/**
 * The review that a request made before, so that sent again it is the same.
 * @throws StudioError BAD_REQUEST where the request was about another item
 */
export async function reviewOfRequest(
  client: pg.ClientBase,
  user: Me,
  taskId: string,
  requestId: string,
): Promise<string | null> {
  const { rows } = await client.query<{ id: string; taskId: string }>({
    name: 'review-of-request',
    text: 'SELECT id, task_id AS "taskId" FROM review WHERE reviewer_id = $1 AND request_id = $2',
    values: [user.id, requestId],
  });
  if (rows[0] && rows[0].taskId !== taskId) throw refusals.requestReused();
  return rows[0]?.id ?? null;
}

/** Adds to the record and to the audit. @returns the id of the review */
export async function appendReview(
  client: pg.ClientBase,
  user: Me,
  queue: Queue,
  taskId: string,
  {
    kind,
    answers,
    reason,
    replaces = null,
    requestId,
    spentMs,
    flipped = false,
    discussed = false,
  }: NewReview,
): Promise<string> {
  const choice = answers?.choice;
  const id = randomUUID();
  const appending = client.query({
    name: 'review-append',
    text: `INSERT INTO review (id, task_id, queue_id, reviewer_id, kind, answers, choice, flipped, reason, replaces, request_id, spent_ms, discussed)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    values: [
      ...[id, taskId, queue.id, user.id, kind, answers ? storableJson(keep(answers)) : null],
      ...[choice ? choiceIn(choice, flipped) : null, choice ? flipped : null],
      ...[
        reason === undefined ? null : storableText(reason),
        replaces,
        requestId ?? null,
        spentMs ?? null,
        discussed,
      ],
    ],
  });
  const acts = {
    // Only a change says why; one that comes after a withdrawal is sent like a first one.
    review: reason === undefined ? 'submitted' : 'changed',
    adjudication: 'adjudicated',
    withdrawal: 'withdrawn',
    skip: 'skipped',
  };
  // Never the answers themselves: the audit is read by those from whom they are hidden.
  const details = { review: id, ...(replaces ? { replaces } : {}), ...(discussed ? { discussed } : {}) };
  const what = `review.${acts[kind]}` as const;
  await Promise.all([
    appending,
    record(client, { userId: user.id, what, queueId: queue.id, taskId, details }),
  ]);
  return id;
}

/** What becomes of an item after its reviews changed: it is open until all are there, then done, or disputed. */
export async function settle(client: pg.ClientBase, queue: Queue, taskId: string): Promise<void> {
  const { rows } = await client.query<{ answers: KeptAnswers | null; choice: Choice | null; needed: number }>(
    {
      name: 'review-answers-of-task',
      text: `SELECT r.answers, r.choice, t.needed FROM review_task t LEFT JOIN review_assignment a ON a.task_id = t.id AND a.state = 'done'
      LEFT JOIN review r ON r.id = a.review_id WHERE t.id = $1`,
      values: [taskId],
    },
  );
  const given = rows.flatMap(({ answers, choice }) => (answers ? answersOf(answers, choice) : []));
  const complete = given.length >= (rows[0]?.needed ?? 0);
  const state = !complete ? 'open' : needsAdjudication(given, queue.rubric) ? 'adjudicate' : 'done';
  await client.query({
    name: 'review-settle',
    text: 'UPDATE review_task SET state = $2::review_task_state WHERE id = $1 AND state <> $2::review_task_state',
    values: [taskId, state],
  });
}
