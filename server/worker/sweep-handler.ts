import { sweepPictures, sweepStrays } from '../platform/blobs/pictures';
import type { BlobStore } from '../platform/blobs/store';
import type { Db } from '../platform/db/client';
import { pruneEvents } from '../demo/jobs/store';
import { pruneDurations } from '../demo/estimates/record';
import { expireVisitors } from '../platform/limits/last-seen';
import { pruneGrids } from '../demo/grids/service';
import type { Logger } from '../platform/log/log';
import { strayJob } from '../inference/queue/definition';
import { addJob, removeDeadJobs } from '../inference/queue/queue';

const hour = 3600;

interface SweepDeps {
  db: Db;
  blobs: BlobStore;
  log: Logger;
  /** Aborts when the worker stops. */
  stopping?: AbortSignal;
}

/**
 * A stream resumes for an hour after its job ended; an upload waits a day for its job; a removed request is remembered
 * for a week. Sessions and links for passwords go when they have ended.
 * @param historyDays after which what a visitor has is removed if they were not seen; 0 keeps it for good
 */
export async function sweep({
  db,
  blobs,
  log,
  stopping,
  historyDays = 0,
}: SweepDeps & { historyDays?: number }): Promise<void> {
  const visitors = await expireVisitors(db, historyDays);
  const events = await pruneEvents(db.pool, hour);
  const pictures = await sweepPictures({ db, blobs }, 24 * hour, stopping);
  const grids = await pruneGrids(db.pool);
  await pruneDurations(db);
  await db.pool.query('DELETE FROM account_session WHERE expires_at < now()');
  await db.pool.query('DELETE FROM account_verification WHERE expires_at < now()');
  await db.pool.query(`DELETE FROM removed_request WHERE removed_at < now() - interval '7 days'`);
  const dead = await removeDeadJobs(db.pool);
  // Once a day: every file is looked at.
  await addJob(db.pool, strayJob, {}, { key: 'sweep-strays', afterSeconds: 24 * hour, keepTime: true });
  if (visitors || events || pictures || grids || dead)
    log.info({ visitors, events, pictures, grids, dead }, 'swept');
}

/** Removes files that have no row, and that have lain so for a day. */
export async function removeStrays({ db, blobs, log }: SweepDeps): Promise<void> {
  const files = await sweepStrays({ db, blobs });
  if (files > 0) log.info({ files }, 'removed strays');
}
