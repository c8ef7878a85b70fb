import { RuntimeError } from '../../models/runtime/errors';
import { decodeImage } from '../../models/runtime/image/decode';
import type { BlobStore } from '../platform/blobs/store';
import type { Db } from '../platform/db/client';
import { oneLine, StudioError } from '../platform/errors/errors';
import type { InferenceDevice } from '../inference/device';
import type { Logger } from '../platform/log/log';
import { untilReached } from '../inference/queue/retry';

export interface PictureCheckDeps {
  db: Db;
  blobs: BlobStore;
  device: InferenceDevice;
  log: Logger;
  /** Aborts when the worker stops: the check then runs again. */
  stopping: AbortSignal;
}

/** A check takes tens of milliseconds once the model is loaded. */
const timeLimitMs = 60_000;

/**
 * Measures how well the model draws an uploaded picture again, and stores it. Safe to repeat: what is stored stays.
 * A picture that cannot be checked is left without a figure, which the page takes as no notice.
 */
export async function checkPicture(
  { db, blobs, device, log, stopping }: PictureCheckDeps,
  { hash, revisionId }: { hash: string; revisionId: string },
): Promise<void> {
  const [revision, stored] = await untilReached(
    () =>
      Promise.all([
        db.prisma.modelRevision.findUnique({ where: { id: revisionId }, select: { manifestHash: true } }),
        db.prisma.pictureCheck.count({ where: { hash, revisionId } }),
      ]),
    stopping,
  );
  if (!revision || stored > 0) return;
  try {
    const bytes = await blobs.get(hash);
    if (!bytes) return;
    const image = await decodeImage(bytes);
    const { error } = await device.reconstruct(image, { signal: stopping, timeLimitMs });
    // The figure is this worker's model's, and no other's.
    if (device.health().hash !== revision.manifestHash) return;
    // The picture may have been swept meanwhile: then there is nothing to say of it.
    await untilReached(
      () =>
        db.pool.query(
          `INSERT INTO picture_check (hash, revision_id, error)
           SELECT hash, $2, $3 FROM blob WHERE hash = $1 ON CONFLICT DO NOTHING`,
          [hash, revisionId, error],
        ),
      stopping,
    );
  } catch (error) {
    if (stopping.aborted) throw error;
    const known = error instanceof StudioError || error instanceof RuntimeError;
    log.warn(
      known ? { hash, reason: oneLine(error) } : { hash, err: error },
      'an image could not be checked',
    );
  }
}
