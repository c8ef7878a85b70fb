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
  const put = (value: unknown) => `$${values.push(value) + 2}`;
  const after = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : null;
  const where = [
    ...(state ? [states[state]] : []),
    ...(group === undefined ? [] : [`t."group" = ${put(group)}`]),
    ...(after === null ? [] : [`t.position > ${put(after)}`]),
  ].join(' AND ');
  const rows = await fullRows(db.pool, user, queue, {
    where: where || 'true',
    ...{ values, limit: limit + 1, all: false },
  });
  const items = rows.slice(0, limit);
  return {
    items: items.map((row) => rowView(row, queue)),
    nextCursor: rows.length > limit ? String(items.at(-1)!.item.position) : null,
    groups: cursor ? null : await groupsOf({ db }, queueId),
  };
}

/** Each group is found by one look into the index, however many items it has. */
async function groupsOf({ db }: ReviewDeps, queueId: string): Promise<string[]> {
  const next = (than: string) =>
    `SELECT "group" FROM review_task WHERE queue_id = $1 AND ${than} ORDER BY "group" LIMIT 1`;
  const { rows } = await db.pool.query<{ group: string }>(
    `WITH RECURSIVE g AS ((${next('"group" IS NOT NULL')})
       UNION ALL SELECT (${next('"group" > g."group"')}) FROM g WHERE g."group" IS NOT NULL)
     SELECT "group" FROM g WHERE "group" IS NOT NULL`,
    [queueId],
  );
  return rows.map(({ group }) => group);
}

/** One item with its whole record, as far as this person may see it. @throws StudioError NOT_FOUND */
export async function readTask({ db }: ReviewDeps, user: Me, taskId: string): Promise<TaskRow> {
  const queue = await queueOfTask(db.pool, user, taskId);
  const [row] = await fullRows(db.pool, user, queue, {
    ...{ where: 't.id = $3', values: [taskId], limit: 1, all: true },
  });
  if (!row) throw refusals.noItem();
  return rowView(row, queue);
}
