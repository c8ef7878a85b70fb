import { LRUCache } from 'lru-cache';
import type { Db } from '../db/client';
import { StudioError } from '../errors/errors';
import type { Limits } from './limits';

/** Bytes of a visitor's pictures. A picture that several have counts for each of them. */
export async function storedBytes(db: Db, visitorId: string): Promise<number> {
  const { rows } = await db.pool.query<{ bytes: number }>(
    `SELECT coalesce(sum(size), 0)::float8 AS bytes FROM blob WHERE hash IN (
       SELECT hash FROM upload WHERE visitor_id = $1
       UNION SELECT picture_hash FROM generation WHERE visitor_id = $1
       UNION SELECT source_hash FROM generation WHERE visitor_id = $1)`,
    [visitorId],
  );
  return rows[0]?.bytes ?? 0;
}

/** Sums by visitor: a few pictures more than allowed are no harm, a sum over a long history at every job would be. */
const sums = new WeakMap<Db, LRUCache<string, { bytes: number }>>();

/**
 * Refuses when a visitor's pictures are as many as they may be.
 * @param adding bytes that come with the request
 * @throws StudioError STORAGE_FULL, with how much is used and what to do.
 */
export async function checkStorage(
  { db, limits }: { db: Db; limits: Limits },
  visitorId: string,
  adding = 0,
): Promise<void> {
  const { storageBytes, historyDays } = limits.settings;
  if (storageBytes === 0) return;
  const known = sums.get(db) ?? new LRUCache<string, { bytes: number }>({ max: 10_000, ttl: 30_000 });
  sums.set(db, known);
  let sum = known.get(visitorId);
  // Near the limit it is counted anew: what was removed a moment ago makes room at once.
  if (!sum || sum.bytes + adding > storageBytes * 0.9) {
    sum = { bytes: await storedBytes(db, visitorId) };
    known.set(visitorId, sum);
  }
  sum.bytes += adding;
  if (sum.bytes <= storageBytes && (adding > 0 || sum.bytes < storageBytes)) return;
  sum.bytes -= adding;
  const used = Math.round(sum.bytes / 1e6);
  const max = Math.round(storageBytes / 1e6);
  const expiry = historyDays ? ` Results not viewed for ${historyDays} days are removed automatically.` : '';
  throw new StudioError(
    'STORAGE_FULL',
    `Your images use ${used} MB of your ${max} MB. Remove some results to free space.${expiry}`,
    { reason: 'STORAGE_FULL', params: { used, max, days: historyDays } },
  );
}

/** Notes that a picture is this visitor's own, so that it may be a source and counts as theirs. Safe to repeat. */
export async function recordUpload(db: Db, visitorId: string, hash: string): Promise<void> {
  await db.pool.query(
    `WITH v AS (INSERT INTO visitor (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET seen_at = now() RETURNING id)
     INSERT INTO upload (visitor_id, hash) SELECT id, $2 FROM v ON CONFLICT DO NOTHING`,
    [visitorId, hash],
  );
}

/** SQL: whether a picture is the upload, the source or the result of one of these visitors. */
export const isOwn = (hash: string, visitors: string) => `(
  EXISTS (SELECT 1 FROM upload u WHERE u.hash = ${hash} AND u.visitor_id = ${visitors})
  OR EXISTS (SELECT 1 FROM generation g WHERE g.picture_hash = ${hash} AND g.visitor_id = ${visitors})
  OR EXISTS (SELECT 1 FROM generation g WHERE g.source_hash = ${hash} AND g.visitor_id = ${visitors}))`;

/** SQL: whether a picture is the result of a public link, or what that was made of. */
export const isShared = (hash: string) => `(
  EXISTS (SELECT 1 FROM share s JOIN generation g ON g.id = s.generation_id WHERE g.picture_hash = ${hash})
  OR EXISTS (SELECT 1 FROM share s JOIN generation g ON g.id = s.generation_id WHERE g.source_hash = ${hash}))`;

/** SQL: whether a visitor (`$1`) may take a picture (`$2`) as a source: their own upload, source or result, or a shared result. */
export const mayUse = `(${isOwn('$2', '$1')} OR ${isShared('$2')})`;
