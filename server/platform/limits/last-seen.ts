import type { Db } from '../db/client';
import { onceAMinute } from './once-a-minute';

const isDue = onceAMinute();

/** Notes that a visitor was here, at most once a minute. One who never changed anything has no row and gets none. */
export async function noteSeen(db: Db, visitorId: string): Promise<void> {
  if (!isDue(visitorId)) return;
  await db.pool.query(
    `UPDATE visitor SET seen_at = now() WHERE id = $1 AND seen_at < now() - interval '1 minute'`,
    [visitorId],
  );
}

/**
 * Removes what visitors have who were not seen for so long: jobs, uploads, links, keys. Pictures go with the next sweep
 * of blobs. Who has a job that has not ended stays, and so does what belongs to an account.
 * @param days 0 removes nobody
 * @returns how many visitors.
 */
export async function expireVisitors(db: Db, days: number): Promise<number> {
  if (days === 0) return 0;
  let removed = 0;
  for (;;) {
    // A few at a time: each may have thousands of jobs.
    const { rowCount } = await db.pool.query(
      `DELETE FROM visitor WHERE id IN (
         SELECT id FROM visitor v WHERE seen_at < now() - make_interval(days => $1) AND NOT EXISTS (
           SELECT 1 FROM generation g WHERE g.visitor_id = v.id AND g.state IN ('queued', 'running', 'cancelling'))
           AND NOT EXISTS (SELECT 1 FROM account_user u WHERE u.visitor_id = v.id)
         LIMIT 20)`,
      [days],
    );
    removed += rowCount ?? 0;
    if (!rowCount) return removed;
  }
}
