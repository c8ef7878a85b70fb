import { sweepPictures } from '../blobs/pictures';
import type { BlobStore } from '../blobs/store';
import type { Db } from '../db/client';
import { pruneEvents } from '../demo/store';
import { pruneGrids } from '../grids/service';
import type { Logger } from '../log/log';

const hour = 3600;

/** A stream resumes for an hour after its job ended; an upload waits a day for its job. */
export async function sweep({ db, blobs, log }: { db: Db; blobs: BlobStore; log: Logger }): Promise<void> {
  const events = await pruneEvents(db.pool, hour);
  const pictures = await sweepPictures({ db, blobs }, 24 * hour);
  const grids = await pruneGrids(db.pool);
  if (events || pictures || grids) log.info({ events, pictures, grids }, 'swept');
}
