import { UnderTestError } from '../../eval/under-test/types';
import { inspectImage } from '../../models/runtime';
import { storePicture } from '../platform/blobs/pictures';
import type { BlobStore } from '../platform/blobs/store';
import type { Db } from '../platform/db/client';
import { eventChannel } from '../platform/db/hub';
import { oneLine, StudioError } from '../platform/errors/errors';
import type { Logger } from '../platform/log/log';
import { readItems, redrawItems } from '../evaluation/dataset-store';
import type { UnderTestPool } from '../evaluation/models';
import { readRevision } from '../evaluation/revisions';
import { readRun } from '../evaluation/run-store';

/** Pictures whose rows came with a recorded run and whose bytes did not: they are made again, as they were made. */

export interface RemakeDeps {
  db: Db;
  blobs: BlobStore;
  models: UnderTestPool;
  log: Logger;
  /** Aborts when the worker stops. */
  stopping: AbortSignal;
}

/**
 * Makes a picture of a recorded run again, and tells who waits for it that the attempt is over. Safe to repeat. One that
 * cannot be made, because the model is another by now, stays away.
 */
export async function remakePicture(deps: RemakeDeps, hash: string): Promise<void> {
  const { db, blobs, log, stopping } = deps;
  try {
    const sample = (await blobs.has(hash)) ? null : await sampleOf(db, hash);
    if (sample) await makeSample(deps, hash, sample);
    else await redrawItems(deps, [hash]);
  } catch (error) {
    if (stopping.aborted) throw error;
    const known = error instanceof StudioError || error instanceof UnderTestError;
    log.warn(
      known ? { hash, reason: oneLine(error) } : { hash, err: error },
      'an image could not be regenerated',
    );
  }
  await db.pool.query('SELECT pg_notify($1, $2)', [eventChannel, `${hash}:0`]);
}

interface RecordedSample {
  runId: string;
  position: number;
  repeat: number;
}

async function sampleOf(db: Db, hash: string): Promise<RecordedSample | null> {
  const { rows } = await db.pool.query<RecordedSample>(
    `SELECT s.run_id AS "runId", i.position, s.repeat FROM sample s JOIN item i ON i.id = s.item_id
       JOIN evaluation_run r ON r.id = s.run_id WHERE s.picture_hash = $1 AND r.recorded LIMIT 1`,
    [hash],
  );
  return rows[0] ?? null;
}

async function makeSample(deps: RemakeDeps, hash: string, { runId, position, repeat }: RecordedSample) {
  const { db, models, stopping } = deps;
  const run = (await readRun(db, runId))!;
  const revision = await readRevision(db, run.revisionId);
  const [item] = await readItems(deps, run.versionId, [position]);
  const { model } = await models.open(revision, run);
  const made = await model.run(run.benchmark.request(item!, run.settings, repeat), { signal: stopping });
  if (made.kind !== 'image') return;
  const { format, width, height } = await inspectImage(Buffer.from(made.bytes));
  const stored = await storePicture(deps, made.bytes, { mediaType: `image/${format}`, width, height });
  // Another processor rounds otherwise: the sample says that what was scored was another picture.
  if (stored.hash !== hash)
    await db.pool.query(
      `UPDATE sample SET picture_hash = $2, recorded_hash = $1 FROM evaluation_run r
       WHERE sample.picture_hash = $1 AND r.id = sample.run_id AND r.recorded`,
      [hash, stored.hash],
    );
}
