import type { Db } from '../db/client';

/** Pictures that were sent to be reviewed. */

/** Notes that a picture was sent for reviews: from then on nobody but the team sees it, unless it is public otherwise. */
export async function recordReviewUpload(db: Db, userId: string, hash: string): Promise<void> {
  await db.pool.query(
    'INSERT INTO review_upload (hash, user_id) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING',
    [hash, userId],
  );
}

/**
 * Whether a picture is the team's alone: sent for reviews, and not also by somebody of the public, made by a model, or
 * part of a benchmark. Every part is one look into an index, and for most pictures the first is the only one.
 */
export async function isTeamOnly(db: Db, hash: string): Promise<boolean> {
  const { rows } = await db.pool.query<{ only: boolean }>({
    name: 'review-team-only',
    text: `SELECT EXISTS (SELECT 1 FROM review_upload WHERE hash = $1)
      AND NOT EXISTS (SELECT 1 FROM upload WHERE hash = $1)
      AND NOT EXISTS (SELECT 1 FROM generation WHERE picture_hash = $1)
      AND NOT EXISTS (SELECT 1 FROM generation WHERE source_hash = $1)
      AND NOT EXISTS (SELECT 1 FROM sample WHERE picture_hash = $1)
      AND NOT EXISTS (SELECT 1 FROM item_picture WHERE hash = $1)
      AND NOT EXISTS (SELECT 1 FROM flag WHERE picture_hash = $1)
      AND NOT EXISTS (SELECT 1 FROM flag WHERE source_hash = $1) AS only`,
    values: [hash],
  });
  return rows[0]!.only;
}
