import type { BlobStore } from '../../platform/blobs/store';
import type { Db } from '../../platform/db/client';

/** Which of these images can be drawn again: those of recorded runs, and of the items of synthetic benchmarks. */
export async function redrawableOf(db: Db, hashes: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ hash: string }>(
    `SELECT wanted.hash FROM unnest($1::text[]) AS wanted(hash)
     WHERE EXISTS (SELECT 1 FROM sample s JOIN evaluation_run r ON r.id = s.run_id
         WHERE s.picture_hash = wanted.hash AND r.recorded)
       OR EXISTS (SELECT 1 FROM item_picture p JOIN item i ON i.id = p.item_id
         JOIN benchmark_version v ON v.id = i.version_id JOIN benchmark b ON b.id = v.benchmark_id
         WHERE p.hash = wanted.hash AND b.synthetic)`,
    [hashes],
  );
  return new Set(rows.map(({ hash }) => hash));
}

/** The image that was made in the place of one that this machine draws otherwise; null where there is none. */
export async function replacementOf(db: Db, hash: string): Promise<string | null> {
  return (await replacementsOf(db, [hash])).get(hash) ?? null;
}

async function replacementsOf(db: Db, hashes: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.pool.query<{ recorded: string; hash: string }>(
    `SELECT recorded_hash AS recorded, picture_hash AS hash FROM sample
     WHERE recorded_hash = ANY($1) AND picture_hash IS NOT NULL`,
    [hashes],
  );
  return new Map(rows.map(({ recorded, hash }) => [recorded, hash]));
}

/** Which of these images can be loaded now, themselves or what was made in their place. */
export async function loadableOf(
  { db, blobs }: { db: Db; blobs: BlobStore },
  hashes: readonly string[],
): Promise<Set<string>> {
  const has = await Promise.all(hashes.map((hash) => blobs.has(hash)));
  const away = hashes.filter((_, i) => !has[i]);
  const replaced = away.length > 0 ? await replacementsOf(db, away) : new Map<string, string>();
  return new Set(hashes.filter((hash, i) => has[i] || replaced.has(hash)));
}
