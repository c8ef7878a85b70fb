import type { Db } from '../../platform/db/client';
import { cancelChannel } from '../../inference/queue/queue';
import { runChannel } from '../../platform/db/hub';
import { noRun } from '../../accounts/run-access';

/**
 * Removes a run with its samples and scores. Workers that have it in hand drop it, whoever follows it is told that it is
 * gone, and its pictures are swept once nothing else refers to them. Runs that scored its outputs again stay.
 * @throws StudioError NOT_FOUND
 */
export async function removeRun({ db }: { db: Db }, id: string): Promise<{ id: string }> {
  const { rowCount } = await db.pool.query('DELETE FROM evaluation_run WHERE id = $1', [id]);
  if (!rowCount) throw noRun();
  await db.pool.query('SELECT pg_notify($1, $3), pg_notify($2, $3)', [cancelChannel, runChannel, id]);
  return { id };
}
