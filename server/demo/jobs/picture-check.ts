import { z } from 'zod';
import type { Db } from '../../platform/db/client';
import { activeRevision } from '../../inference/registry';
import { pictureCheckJob, pictureCheckPriority } from '../../inference/queue/definition';
import { addJob } from '../../inference/queue/queue';
import { mayUse } from '../../platform/limits/storage';

/**
 * Whether a picture lies outside the world of the active model: its own reconstruction of it is further off than
 * the manifest's threshold. A plain picture may be drawn again well although the model does not know its like.
 */
export const pictureCheckSchema = z.object({
  /** `unavailable`: nobody asked, the model has no threshold, or the check failed. */
  state: z.enum(['pending', 'done', 'unavailable']),
  outside: z.boolean().nullable(),
  /** Mean absolute error, 0 to 1. */
  error: z.number().nullable(),
});
export type PictureCheckView = z.infer<typeof pictureCheckSchema>;

const keyOf = (hash: string, revisionId: string) => `picture-check:${hash}:${revisionId}`;

/** Queues the check of an uploaded picture, if the active model has a threshold and none is stored. */
export async function queuePictureCheck({ db }: { db: Db }, hash: string): Promise<void> {
  const { id: revisionId, manifest } = await activeRevision(db);
  if (!manifest.world) return;
  const stored = await db.prisma.pictureCheck.count({ where: { hash, revisionId } });
  if (stored > 0) return;
  await addJob(
    db.pool,
    pictureCheckJob,
    { hash, revisionId },
    { key: keyOf(hash, revisionId), priority: pictureCheckPriority },
  );
}

/** What is known of a picture that this visitor may use; nothing of another. */
export async function pictureCheck(
  { db }: { db: Db },
  visitorId: string,
  hash: string,
): Promise<PictureCheckView> {
  const none: PictureCheckView = { state: 'unavailable', outside: null, error: null };
  const { id: revisionId, manifest } = await activeRevision(db);
  if (!manifest.world) return none;
  // One statement: the figure is there before its job is gone.
  const { rows } = await db.pool.query<{ error: number | null; waits: boolean }>(
    `SELECT (SELECT error FROM picture_check WHERE hash = $2 AND revision_id = $3) AS error,
       EXISTS (SELECT 1 FROM graphile_worker.jobs WHERE key = $4 AND attempts < max_attempts) AS waits
     WHERE ${mayUse}`,
    [visitorId, hash, revisionId, keyOf(hash, revisionId)],
  );
  const { error = null, waits = false } = rows[0] ?? {};
  if (error !== null) return { state: 'done', outside: error > manifest.world.reconstruction_error, error };
  return waits ? { ...none, state: 'pending' } : none;
}
