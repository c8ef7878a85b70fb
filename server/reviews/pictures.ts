import type pg from 'pg';
import type { Db } from '../platform/db/client';
import { makeAhead } from '../evaluation/recorded/redraw-queue';

/** Pictures that were sent to be reviewed. */

/** Notes that a picture was sent for reviews: from then on nobody but the team sees it, unless it is public otherwise. */
export async function recordReviewUpload(db: Db, userId: string, hash: string): Promise<void> {
  await db.pool.query(
    'INSERT INTO review_upload (hash, user_id) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING',
    [hash, userId],
  );
}

/** More than this are made when they are looked at. */
const madeAhead = 5000;

/**
 * Has the pictures of a queue's recorded runs made before a reviewer waits for them, in the order of its items.
 * @param client of the transaction that makes the queue
 */
export async function makeRecordedPictures(client: pg.ClientBase, queueId: string): Promise<void> {
  const { rows } = await client.query<{ hash: string }>(
    `SELECT p.hash, min(t.position) AS position FROM review_task t
     JOIN review_output o ON o.task_id = t.id JOIN evaluation_run r ON r.id = o.run_id AND r.recorded
     CROSS JOIN LATERAL (SELECT o.hash UNION SELECT i.hash FROM review_input i WHERE i.task_id = t.id) p
     WHERE t.queue_id = $1 AND p.hash IS NOT NULL GROUP BY p.hash ORDER BY 2 LIMIT $2`,
    [queueId, madeAhead],
  );
  if (rows.length > 0)
    await makeAhead(
      client,
      rows.map(({ hash }) => hash),
    );
}
