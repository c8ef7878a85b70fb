import type pg from 'pg';
import type { z } from 'zod';
import { atLeast, type Me } from '../accounts/schema';
import { record } from '../platform/audit/audit';
import type { Db } from '../platform/db/client';
import { storableJson, storableText } from '../platform/db/text';
import { transaction } from '../platform/db/transaction';
import { uuidv7 } from '../platform/db/uuid';
import { expireLeases } from './expiry';
import { rubricOf, type KeptRubric } from './kept';
import { checkReviewers, isFor, mayChange, type Person } from './people';
import { makeRecordedPictures } from './pictures';
import { refusals } from './refusals';
import type { createQueueSchema, QueueDetail, QueueRow, QueueSource, updateQueueSchema } from './schema';
import { insertTasks, readSourceRuns } from './sources';

/** Queues of items that people are to judge. */

export interface ReviewDeps {
  db: Db;
}

/**
 * Makes a queue and its items, all or nothing. The same request sent again is the same queue.
 * @throws StudioError BAD_REQUEST for a rubric or people that do not fit, or when there would be no item; NOT_FOUND for a run
 */
export async function createQueue(
  { db }: ReviewDeps,
  user: Me,
  input: z.output<typeof createQueueSchema>,
): Promise<{ id: string }> {
  const { source, rubric, reviewsPerItem } = input;
  const kind = source.from === 'pair' ? 'pair' : 'rate';
  if (kind === 'rate' && !rubric) throw refusals.rubricNeeded();
  if (kind === 'pair' && rubric) throw refusals.pairsHaveNoRubric();
  const id = uuidv7();
  return transaction(db.pool, async (client) => {
    const already = () =>
      client.query<{ id: string }>('SELECT id FROM review_queue WHERE created_by = $1 AND request_id = $2', [
        user.id,
        input.requestId,
      ]);
    const before = (await already()).rows[0];
    if (before) return before;
    const { runs, benchmark, models } = await readSourceRuns(client, { user }, source);
    const assignees = [...new Set(input.assignees)];
    await checkReviewers(client, assignees);
    const { rowCount } = await client.query(
      `INSERT INTO review_queue (id, kind, name, instructions, rubric, reviews_per_item, blind, source, runs, benchmark,
         created_by, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       ON CONFLICT (created_by, request_id) DO NOTHING`,
      [
        ...[id, kind, storableText(input.name), storableText(input.instructions)],
        ...[rubric && storableJson(rubric), reviewsPerItem, input.blind || kind === 'pair'],
        ...[storableJson(withoutItems(source)), storableJson(runs), benchmark, user.id, input.requestId],
      ],
    );
    // The same request was under way, and is done now.
    if (!rowCount) return (await already()).rows[0]!;
    const items = await insertTasks(client, { id, reviewsPerItem }, source, { models, benchmark });
    await setAssignees(client, id, assignees);
    await makeRecordedPictures(client, id);
    const details = { name: input.name, from: source.from, kind, items, reviewsPerItem };
    await record(client, { userId: user.id, what: 'review.created', queueId: id, details });
    return { id };
  });
}

/** Uploaded items are the queue's own rows; the list of them need not be kept twice. */
const withoutItems = (source: QueueSource) => (source.from === 'upload' ? { from: source.from } : source);

async function setAssignees(client: pg.ClientBase, queueId: string, ids: readonly string[]): Promise<void> {
  await client.query('DELETE FROM review_assignee WHERE queue_id = $1 AND user_id <> ALL($2::uuid[])', [
    queueId,
    ids,
  ]);
  await client.query(
    'INSERT INTO review_assignee (queue_id, user_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING',
    [queueId, ids],
  );
}

/**
 * Changes a queue: by whoever made it, or an admin.
 * @throws StudioError NOT_FOUND, FORBIDDEN, BAD_REQUEST for people who cannot review
 */
export async function updateQueue(
  { db }: ReviewDeps,
  user: Me,
  { id, name, instructions, assignees, state }: z.output<typeof updateQueueSchema>,
): Promise<void> {
  await transaction(db.pool, async (client) => {
    const { rows } = await client.query<{ createdBy: string; state: string }>(
      'SELECT created_by AS "createdBy", state FROM review_queue WHERE id = $1 FOR UPDATE',
      [id],
    );
    const [queue] = rows;
    if (!queue) throw refusals.noQueue();
    if (!mayChange(user, queue.createdBy)) throw refusals.notYourQueue();
    const note = (act: string, details: Record<string, unknown> = {}) =>
      record(client, { userId: user.id, what: `review.${act}`, queueId: id, details });
    if (assignees) {
      const ids = [...new Set(assignees)];
      await checkReviewers(client, ids);
      await setAssignees(client, id, ids);
      await note('assigned', { people: ids });
    }
    if (name !== undefined || instructions !== undefined) {
      await client.query(
        'UPDATE review_queue SET name = coalesce($2, name), instructions = coalesce($3, instructions) WHERE id = $1',
        [
          id,
          name === undefined ? null : storableText(name),
          instructions === undefined ? null : storableText(instructions),
        ],
      );
      await note('edited', {
        ...(name === undefined ? {} : { name }),
        instructions: instructions !== undefined,
      });
    }
    if (state && state !== queue.state) {
      await client.query('UPDATE review_queue SET state = $2::review_queue_state WHERE id = $1', [id, state]);
      await note(state === 'closed' ? 'closed' : 'reopened');
    }
  });
}

/** Rows of queues; `$1` is who asks, `$2` whether they may review at all. */
const rowColumns = `q.id, q.name, q.kind, q.state, q.items, q.reviews_per_item AS "reviewsPerItem", q.reviews, q.done,
  q.adjudicate, q.created_by = $1 AS mine, q.created_at AS "createdAt",
  jsonb_build_object('id', maker.id, 'name', maker.name) AS "createdBy",
  CASE WHEN $2 AND q.state = 'open' AND ${isFor('$1')} THEN q.room - ${blockedFor('$1')} ELSE 0 END AS "openToMe"`;

/** SQL: how many items of a queue `q` with room are not open to a person, because they have, did or skipped them. */
export function blockedFor(user: string): string {
  return `(SELECT count(*)::int FROM review_assignment a JOIN review_task t ON t.id = a.task_id
    WHERE a.user_id = ${user} AND a.queue_id = q.id AND a.state IN ('leased', 'done', 'skipped')
      AND t.state = 'open' AND t.taken < t.needed)`;
}

/** Every queue, the open ones and the newest first. */
export async function listQueues({ db }: ReviewDeps, user: Me): Promise<QueueRow[]> {
  await expireLeases(db.pool, null);
  const { rows } = await db.pool.query<QueueRow>(
    `SELECT ${rowColumns} FROM review_queue q JOIN account_user maker ON maker.id = q.created_by
     ORDER BY q.state, q.created_at DESC, q.id DESC`,
    [user.id, atLeast(user.role, 'reviewer')],
  );
  return rows;
}

/** @throws StudioError NOT_FOUND */
export async function readQueue({ db }: ReviewDeps, user: Me, id: string): Promise<QueueDetail> {
  await expireLeases(db.pool, id);
  const { rows } = await db.pool.query<
    Omit<QueueDetail, keyof QueueInner | 'source' | 'groups' | 'reviewers'> & QueueInner
  >(
    `SELECT ${rowColumns}, q.instructions, q.rubric, q.blind, q.benchmark, q.source->>'from' AS "from", q.runs,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) ORDER BY lower(u.name)), '[]')
        FROM review_assignee x JOIN account_user u ON u.id = x.user_id WHERE x.queue_id = q.id) AS assignees
     FROM review_queue q JOIN account_user maker ON maker.id = q.created_by WHERE q.id = $3`,
    [user.id, atLeast(user.role, 'reviewer'), id],
  );
  const [row] = rows;
  if (!row) throw refusals.noQueue();
  const { from, runs, rubric, ...queue } = row;
  const [reviewers, there, groups] = await Promise.all([
    db.pool.query<Person & { reviews: number; lastAt: Date | null }>(
      `SELECT u.id, u.name, coalesce(p.reviews, 0) AS reviews, p.last_at AS "lastAt"
       FROM (SELECT user_id FROM review_assignee WHERE queue_id = $1
         UNION SELECT user_id FROM review_progress WHERE queue_id = $1 AND reviews > 0) x
       JOIN account_user u ON u.id = x.user_id
       LEFT JOIN review_progress p ON p.queue_id = $1 AND p.user_id = x.user_id
       ORDER BY 3 DESC, lower(u.name)`,
      [id],
    ),
    db.pool.query<{ id: string }>('SELECT id FROM evaluation_run WHERE id = ANY($1::uuid[])', [
      runs.map((run) => run.id),
    ]),
    db.pool.query<{ name: string; n: number }>(
      `SELECT "group" AS name, count(*)::int AS n FROM review_task
       WHERE queue_id = $1 AND "group" IS NOT NULL GROUP BY 1 ORDER BY 1`,
      [id],
    ),
  ]);
  // Whose outputs they are would tell reviewers what is hidden from them.
  const undecided = queue.done < queue.items || queue.adjudicate > 0;
  const hidden = queue.blind && undecided && !queue.mine && user.role !== 'admin';
  const known = new Set(there.rows.map((run) => run.id));
  return {
    ...queue,
    rubric: rubricOf(rubric),
    source: { from, runs: hidden ? [] : runs.map((run) => ({ ...run, removed: !known.has(run.id) })) },
    groups: groups.rows,
    reviewers: reviewers.rows,
  };
}

interface QueueInner {
  rubric: KeptRubric;
  from: QueueDetail['source']['from'];
  runs: { id: string; title: string }[];
}
