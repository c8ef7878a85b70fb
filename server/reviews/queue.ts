import type pg from 'pg';
import type { Me } from '../accounts/schema';
import { isFor } from './people';
import { refusals } from './refusals';
import { rubricOf, type KeptRubric } from './kept';
import type { QueueSource, Rubric } from './schema';

/** What everything that happens in a queue needs to know of it. */
export interface Queue {
  id: string;
  name: string;
  kind: 'rate' | 'pair';
  state: 'open' | 'closed';
  rubric: Rubric;
  blind: boolean;
  reviewsPerItem: number;
  items: number;
  createdBy: string;
  /** What it was made from, as it was asked for. */
  source: QueueSource;
  /** Whether there is an item that needs a review, or a decision. */
  undecided: boolean;
  /** Whether it is for the person who asks. */
  isFor: boolean;
}

export type Client = Pick<pg.ClientBase, 'query'>;

type QueueColumns = Omit<Queue, 'rubric'> & { rubric: KeptRubric };

const columns = `q.id, q.name, q.kind, q.state, q.rubric, q.blind, q.source, q.reviews_per_item AS "reviewsPerItem", q.items,
  q.created_by AS "createdBy", q.done < q.items OR q.adjudicate > 0 AS undecided, ${isFor('$2')} AS "isFor"`;

/** @throws StudioError NOT_FOUND */
export async function queueFor(db: Client, user: Me, id: string): Promise<Queue> {
  const { rows } = await db.query<QueueColumns>({
    name: 'review-queue',
    text: `SELECT ${columns} FROM review_queue q WHERE q.id = $1`,
    values: [id, user.id],
  });
  if (!rows[0]) throw refusals.noQueue();
  return { ...rows[0], rubric: rubricOf(rows[0].rubric) };
}

/** The queue of an item. @throws StudioError NOT_FOUND */
export async function queueOfTask(db: Client, user: Me, taskId: string): Promise<Queue> {
  const { rows } = await db.query<QueueColumns>({
    name: 'review-queue-of-task',
    text: `SELECT ${columns} FROM review_task t JOIN review_queue q ON q.id = t.queue_id WHERE t.id = $1`,
    values: [taskId, user.id],
  });
  if (!rows[0]) throw refusals.noItem();
  return { ...rows[0], rubric: rubricOf(rows[0].rubric) };
}

/**
 * Takes a person's row of a queue, so that what they do in it happens one after the other. Every transaction of a
 * reviewer starts with it, then locks items, then their assignments: in that order nobody waits in a circle.
 */
export async function lockProgress(client: Client, queueId: string, userId: string): Promise<number> {
  const { rows } = await client.query<{ cursor: number }>({
    name: 'review-lock-progress',
    text: `INSERT INTO review_progress AS p (queue_id, user_id) VALUES ($1, $2)
      ON CONFLICT (queue_id, user_id) DO UPDATE SET cursor = p.cursor RETURNING cursor`,
    values: [queueId, userId],
  });
  return rows[0]!.cursor;
}

/** The same for the queue of an item; nothing where there is no such item. */
export async function lockProgressOfTask(client: Client, taskId: string, userId: string): Promise<void> {
  await client.query({
    name: 'review-lock-progress-of-task',
    text: `INSERT INTO review_progress AS p (queue_id, user_id) SELECT queue_id, $2 FROM review_task WHERE id = $1
      ON CONFLICT (queue_id, user_id) DO UPDATE SET cursor = p.cursor`,
    values: [taskId, userId],
  });
}
