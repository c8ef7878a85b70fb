import { sweepPictures } from '../blobs/pictures';
import type { BlobStore } from '../blobs/store';
import type { Db } from '../db/client';
import { pruneEvents } from '../demo/store';
import { pruneDurations } from '../estimates/record';
import { expireVisitors } from '../limits/seen';
import { pruneGrids } from '../grids/service';
import type { Logger } from '../log/log';

const hour = 3600;

/**
 * A stream resumes for an hour after its job ended; an upload waits a day for its job; a removed request is remembered
 * for a week. Sessions and links for passwords go when they have ended.
 * @param historyDays after which what a visitor has is removed if they were not seen; 0 keeps it for good
 */
export async function sweep({
  db,
  blobs,
  log,
  historyDays = 0,
}: {
  db: Db;
  blobs: BlobStore;
  log: Logger;
  historyDays?: number;
}): Promise<void> {
  const visitors = await expireVisitors(db, historyDays);
  const events = await pruneEvents(db.pool, hour);
  const pictures = await sweepPictures({ db, blobs }, 24 * hour);
  const grids = await pruneGrids(db.pool);
  await pruneDurations(db);
  await db.pool.query('DELETE FROM account_session WHERE expires_at < now()');
  await db.pool.query('DELETE FROM account_verification WHERE expires_at < now()');
  await db.pool.query(`DELETE FROM removed_request WHERE removed_at < now() - interval '7 days'`);
  if (visitors || events || pictures || grids) log.info({ visitors, events, pictures, grids }, 'swept');
}
