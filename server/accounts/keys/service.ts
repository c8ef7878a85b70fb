import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../../platform/db/client';
import { storableText } from '../../platform/db/text';
import { transaction } from '../../platform/db/transaction';
import { StudioError } from '../../platform/errors/errors';
import { maxKeys, type CreatedKey, type KeyView } from './schema';

/** Keys of the HTTP API. A key belongs to the visitor who made it; only its sha256 is kept. */

export interface KeysDeps {
  db: Db;
}

const keyPattern = /^ngs_[A-Za-z0-9_-]{43}$/;
const prefixLength = 'ngs_'.length + 6;
const view = { id: true, name: true, prefix: true, createdAt: true, lastUsedAt: true } as const;

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/**
 * Makes a key: `ngs_` and 32 random bytes in base64url.
 * @throws StudioError CONFLICT when the visitor has as many keys as are allowed.
 */
export async function createKey(
  { db }: KeysDeps,
  visitorId: string,
  { name }: { name: string },
): Promise<CreatedKey> {
  const secret = `ngs_${randomBytes(32).toString('base64url')}`;
  const prefix = secret.slice(0, prefixLength);
  const id = await transaction(db.pool, async (client) => {
    await client.query('INSERT INTO visitor (id) VALUES ($1) ON CONFLICT DO NOTHING', [visitorId]);
    // The lock orders the requests of one visitor, so that the count below is exact.
    await client.query('SELECT 1 FROM visitor WHERE id = $1 FOR UPDATE', [visitorId]);
    const made = await client.query<{ id: string }>(
      `INSERT INTO api_key (id, visitor_id, name, hash, prefix)
       SELECT gen_random_uuid(), $1, $2, $3, $4
       WHERE (SELECT count(*) FROM api_key WHERE visitor_id = $1 AND revoked_at IS NULL) < $5 RETURNING id`,
      [visitorId, storableText(name), hashOf(secret), prefix, maxKeys],
    );
    if (!made.rows[0])
      throw new StudioError('CONFLICT', `You already have ${maxKeys} keys. Revoke one to create another.`, {
        reason: 'TOO_MANY_KEYS',
        params: { max: maxKeys },
      });
    return made.rows[0].id;
  });
  const key = await db.prisma.apiKey.findUniqueOrThrow({ where: { id }, select: view });
  return { ...key, secret };
}

/** Those in use, newest first. */
export const listKeys = ({ db }: KeysDeps, visitorId: string): Promise<KeyView[]> =>
  db.prisma.apiKey.findMany({
    where: { visitorId, revokedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: view,
  });

/** From the next request on the key is refused. Safe to repeat. */
export async function revokeKey({ db }: KeysDeps, visitorId: string, id: string): Promise<{ id: string }> {
  const { rowCount } = await db.pool.query(
    `UPDATE api_key SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 AND visitor_id = $2`,
    [id, visitorId],
  );
  if (!rowCount) throw new StudioError('NOT_FOUND', 'This key doesn’t exist.', { reason: 'KEY_NOT_FOUND' });
  return { id };
}

/**
 * Whose key it is, or null for one that was never made or is revoked. It is found by its hash, so how long this
 * takes tells nothing about other keys.
 */
export async function visitorOfKey({ db }: KeysDeps, secret: string): Promise<string | null> {
  if (!keyPattern.test(secret)) return null;
  const key = await db.prisma.apiKey.findUnique({
    // The keys of an account end with it.
    where: {
      ...{ hash: hashOf(secret), revokedAt: null },
      visitor: { OR: [{ user: null }, { user: { disabledAt: null } }] },
    },
    select: { id: true, visitorId: true },
  });
  if (!key) return null;
  // At most once a minute, so that use does not become a write each time.
  await db.pool.query(
    `UPDATE api_key SET last_used_at = now()
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    [key.id],
  );
  return key.visitorId;
}
