import type pg from 'pg';
import { listAudit } from '../platform/audit/audit';
import type { AuditRow } from './schema';

/** What was done in the reviews, newest first, with the names of the queues. */
export async function reviewAudit(
  pool: pg.Pool,
  { queueId, cursor }: { queueId?: string; cursor?: string | null },
): Promise<{ items: AuditRow[]; nextCursor: string | null }> {
  const { items, nextCursor } = await listAudit(pool, { areas: ['review'], queueId, cursor });
  const ids = [...new Set(items.flatMap((item) => item.queueId ?? []))];
  const { rows } = await pool.query<{ id: string; name: string }>(
    'SELECT id, name FROM review_queue WHERE id = ANY($1::uuid[])',
    [ids],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return {
    items: items.map((item) => ({ ...item, queue: names.get(item.queueId ?? '') ?? null })),
    nextCursor,
  };
}
