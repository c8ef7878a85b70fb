import { wantPictures } from '../evaluation/recorded/want';
import type { Services } from '../trpc/context';

/** How long a request may hold a connection: a browser has six for everything. */
const patienceMs = 600;

/**
 * The bytes of a picture that has a row. One of a recorded run may not be here yet: a worker is asked to make it.
 * @returns null where there is none to be had; `pending` where it is being made
 */
export async function pictureBytes(
  { db, blobs, hub }: Pick<Services, 'db' | 'blobs' | 'hub'>,
  hash: string,
): Promise<Buffer | 'pending' | null> {
  const bytes = await blobs.get(hash);
  if (bytes || !(await canBeMade(db, hash))) return bytes;
  const news = hub.subscribe(hash);
  try {
    await wantPictures(db.pool, [hash]);
    await news.next(AbortSignal.timeout(patienceMs));
    return (await blobs.get(hash)) ?? 'pending';
  } finally {
    news.close();
  }
}

async function canBeMade(db: Services['db'], hash: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `SELECT 1 FROM sample s JOIN evaluation_run r ON r.id = s.run_id WHERE s.picture_hash = $1 AND r.recorded
     UNION ALL SELECT 1 FROM item_picture p JOIN item i ON i.id = p.item_id
       JOIN benchmark_version v ON v.id = i.version_id JOIN benchmark b ON b.id = v.benchmark_id
       WHERE p.hash = $1 AND b.synthetic LIMIT 1`,
    [hash],
  );
  return (rowCount ?? 0) > 0;
}

/** The picture that was made in the place of one that this machine draws otherwise; null where there is none. */
export async function replacementOf(db: Services['db'], hash: string): Promise<string | null> {
  const { rows } = await db.pool.query<{ hash: string }>(
    `SELECT picture_hash AS hash FROM sample WHERE recorded_hash = $1 AND picture_hash IS NOT NULL LIMIT 1`,
    [hash],
  );
  return rows[0]?.hash ?? null;
}
