import type { z } from 'zod';
import type { Me } from '../accounts/schema';
import { queueFor, queueOfTask } from './queue';
import type { ReviewDeps } from './queues';
import { refusals } from './refusals';
import { fullRows, rowView } from './rows';
import type { listTasksSchema, taskPageSchema, TaskRow } from './schema';

const states = {
  open: `t.state = 'open' AND t.skips = 0`,
  skipped: `t.state = 'open' AND t.skips > 0`,
  done: `t.state = 'done'`,
  adjudicate: `t.state = 'adjudicate'`,
  adjudicated: `t.state = 'adjudicated'`,
};

/** A page of the items of a queue, by their position. @throws StudioError NOT_FOUND */
export async function listTasks(
  { db }: ReviewDeps,
  user: Me,
  { queueId, state, group, cursor, limit }: z.output<typeof listTasksSchema>,
): Promise<z.infer<typeof taskPageSchema>> {
  const queue = await queueFor(db.pool, user, queueId);
  const values: unknown[] = [];
  const put = (value: unknown) => `$${values.push(value) + 1}`;
  const after = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : null;
  const where = [
    'true',
    ...(state ? [states[state]] : []),
    ...(group === undefined ? [] : [`t."group" = ${put(group)}`]),
    ...(after === null ? [] : [`t.position > ${put(after)}`]),
  ].join(' AND ');
  const [rows, total] = await Promise.all([
    fullRows(db.pool, user, queue, { where, values, limit: limit + 1, all: false }),
    // Without a cursor the conditions are those of the whole list.
    cursor ? null : countTasks({ db }, queueId, where, values),
  ]);
  const items = rows.slice(0, limit);
  return {
    items: items.map((row) => rowView(row, queue)),
    nextCursor: rows.length > limit ? String(items.at(-1)!.item.position) : null,
    total,
  };
}

async function countTasks(
  { db }: ReviewDeps,
  queueId: string,
  where: string,
  values: readonly unknown[],
): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM review_task t WHERE t.queue_id = $1 AND ${where}`,
    [queueId, ...values],
  );
  return rows[0]!.n;
}

/** One item with its whole record, as far as this person may see it. @throws StudioError NOT_FOUND */
export async function readTask({ db }: ReviewDeps, user: Me, taskId: string): Promise<TaskRow> {
  const queue = await queueOfTask(db.pool, user, taskId);
  const [row] = await fullRows(db.pool, user, queue, {
    ...{ where: 't.id = $2', values: [taskId], limit: 1, all: true },
  });
  if (!row) throw refusals.noItem();
  return rowView(row, queue);
}
