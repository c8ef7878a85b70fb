import type pg from 'pg';
import { storableJson } from '../db/text';
import type { AuditPage } from './schema';

/** The append-only record of who did what: the team's accounts and its reviews. */

export interface AuditEntry {
  /** Null for what the server did itself. */
  userId: string | null;
  /** `area.act` in small letters, e.g. "account.invited", "review.submitted". */
  what: `${string}.${string}`;
  queueId?: string | null;
  taskId?: string | null;
  /** What it was about, as JSON. Never a token or a password. */
  details?: Record<string, unknown>;
}

/**
 * Writes one event.
 * @param to the transaction in which the act itself happens, so that neither is there without the other.
 */
export async function record(to: Pick<pg.ClientBase, 'query'> | pg.Pool, entry: AuditEntry): Promise<void> {
  const { userId, what, queueId = null, taskId = null, details = {} } = entry;
  await to.query(
    'INSERT INTO audit_event (user_id, what, queue_id, task_id, details) VALUES ($1, $2, $3, $4, $5)',
    [userId, what, queueId, taskId, storableJson(details)],
  );
}

/** What admins read of the team: its accounts, and what was decided about runs. */
export const teamAreas = ['account', 'run'];

interface Wanted {
  /** Only events whose `what` begins with one of them, e.g. "account". */
  areas?: readonly string[];
  queueId?: string;
  taskId?: string;
  userId?: string;
  /** `nextCursor` of the page before. */
  cursor?: string | null;
  /** 1 to 200. */
  limit?: number;
}

/** Events, newest first, by pages. */
export async function listAudit(pool: pg.Pool, wanted: Wanted): Promise<AuditPage> {
  const { limit = 50, cursor } = wanted;
  const values: unknown[] = [limit + 1];
  const is = (column: string, value: unknown, sign = '=') =>
    value === undefined || value === null ? [] : [`${column} ${sign} $${values.push(value)}`];
  const conditions = [
    ...(wanted.areas ? [`e.area = ANY($${values.push(wanted.areas)}::text[])`] : []),
    ...is('e.queue_id', wanted.queueId),
    ...is('e.task_id', wanted.taskId),
    ...is('e.user_id', wanted.userId),
    ...is('e.id', cursor, '<'),
  ];
  const { rows } = await pool.query<AuditPage['items'][number]>(
    `SELECT e.id::text, e.at, e.what, e.queue_id AS "queueId", e.task_id AS "taskId", e.details,
            CASE WHEN u.id IS NOT NULL THEN json_build_object('id', u.id, 'name', u.name) END AS who
     FROM audit_event e LEFT JOIN account_user u ON u.id = e.user_id
     ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY e.id DESC LIMIT $1`,
    values,
  );
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
