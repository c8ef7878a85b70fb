import { createHash } from 'node:crypto';
import { withoutMetadata } from '../../../models/runtime/image/metadata';
import type { Db } from '../db/client';
import { transaction } from '../db/transaction';
import type { BlobStore } from './store';

export interface Picture {
  hash: string;
  width: number;
  height: number;
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * The bytes of a picture that somebody sent, as they are kept: it may be shared, and its file may tell where it was
 * taken and by whom. A result that comes back stays the file that it is, settings and all.
 * @throws ImageError
 */
export async function cleanPicture(db: Db, sent: Uint8Array): Promise<Uint8Array> {
  const { rowCount } = await db.pool.query(
    'SELECT 1 FROM generation WHERE picture_hash = $1 AND NOT imported LIMIT 1',
    [hashOf(sent)],
  );
  return rowCount ? sent : withoutMetadata(sent);
}

/** Stores the bytes of a picture and its row. Safe to repeat. */
export async function storePicture(
  deps: { db: Db; blobs: BlobStore },
  bytes: Uint8Array,
  info: { mediaType: string; width: number; height: number },
): Promise<Picture> {
  const hash = hashOf(bytes);
  const isNew = await deps.blobs.put(hash, bytes);
  await deps.db.pool.query({
    name: 'store-picture',
    text: `INSERT INTO blob (hash, media_type, size, width, height) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (hash) DO UPDATE SET touched_at = now()`,
    values: [hash, info.mediaType, bytes.byteLength, info.width, info.height],
  });
  // The sweep removes a file while it holds the row, so one that was there may have gone between the two lines above.
  if (!isNew) await deps.blobs.put(hash, bytes);
  return { hash, width: info.width, height: info.height };
}

/** Removed at a time: the rows are locked meanwhile, and a request that uses one of them waits. */
const stepSize = 200;

/** Nothing refers to the picture `b`. */
const unused = `NOT EXISTS (SELECT 1 FROM generation g WHERE g.source_hash = b.hash OR g.picture_hash = b.hash)
  AND NOT EXISTS (SELECT 1 FROM flag f WHERE f.source_hash = b.hash OR f.picture_hash = b.hash)
  AND NOT EXISTS (SELECT 1 FROM generation_event e WHERE e.data #>> '{picture,hash}' = b.hash)
  AND NOT EXISTS (SELECT 1 FROM item_picture i WHERE i.hash = b.hash)
  AND NOT EXISTS (SELECT 1 FROM sample s WHERE s.picture_hash = b.hash)
  AND NOT EXISTS (SELECT 1 FROM review_input r WHERE r.hash = b.hash)
  AND NOT EXISTS (SELECT 1 FROM review_output r WHERE r.hash = b.hash)`;

/**
 * Removes all pictures that nothing refers to, in small steps: uploads never used, previews whose events are gone.
 * @param olderThanSeconds since last stored or used as a source.
 * @param signal ends it between two steps
 * @returns how many.
 */
export async function sweepPictures(
  { db, blobs }: { db: Db; blobs: BlobStore },
  olderThanSeconds: number,
  signal?: AbortSignal,
): Promise<number> {
  let removed = 0;
  let refused = 0;
  while (!signal?.aborted) {
    try {
      const step = await transaction(db.pool, async (client) => {
        // Those that somebody has in hand are passed over, so that nobody waits for a row the other holds.
        const { rows } = await client.query<{ hash: string }>(
          `DELETE FROM blob WHERE hash IN (
             SELECT hash FROM blob b WHERE touched_at < now() - make_interval(secs => $1) AND ${unused}
             ORDER BY touched_at LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING hash`,
          [olderThanSeconds, stepSize],
        );
        await Promise.all(rows.map(({ hash }) => blobs.remove(hash)));
        return rows.length;
      });
      removed += step;
      if (step === 0) break;
      refused = 0;
    } catch (error) {
      // A job took one of them as its source between the look and the lock; the next look sees it.
      if ((error as { code?: string }).code !== '23503' || ++refused === 5) throw error;
    }
  }
  return removed;
}

/** What a process that was killed left behind, or that was restored to one of the two places alone. */
export async function sweepStrays({ db, blobs }: { db: Db; blobs: BlobStore }): Promise<number> {
  return blobs.sweepStrays(async (hashes) => {
    const { rows } = await db.pool.query<{ hash: string }>('SELECT hash FROM blob WHERE hash = ANY($1)', [
      hashes,
    ]);
    return new Set(rows.map(({ hash }) => hash));
  });
}
