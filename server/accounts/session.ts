import { randomUUID } from 'node:crypto';
import type { Db } from '../platform/db/client';
import { onceAMinute } from '../platform/limits/once-a-minute';
import { StudioError } from '../platform/errors/errors';
import type { Me, SessionView } from './schema';

/** Who has a session, and which sessions somebody has. */

export interface SignedIn {
  me: Me;
  /** The account's own visitor. */
  visitorId: string;
  sessionId: string;
}

interface Row extends Me {
  visitorId: string | null;
  sessionId: string;
}

/**
 * Who holds a session, read anew at every request: a role that was taken away, a disabled account and an ended session
 * count at once. One query.
 */
export async function readSession(db: Db, token: string): Promise<SignedIn | null> {
  const { rows } = await db.pool.query<Row>({
    name: 'session',
    text: `SELECT u.id, u.name, u.email, u.role, u.visitor_id AS "visitorId", s.id AS "sessionId"
           FROM account_session s JOIN account_user u ON u.id = s.user_id
           WHERE s.token = $1 AND s.expires_at > now() AND u.disabled_at IS NULL`,
    values: [token],
  });
  const row = rows[0];
  if (!row) return null;
  // In the background: nothing waits for it, and the next request does what this one could not.
  void noteSession(db, row.sessionId).catch(() => undefined);
  const { id, name, email, role, sessionId } = row;
  return {
    me: { id, name, email, role },
    visitorId: row.visitorId ?? (await giveVisitor(db, id)),
    sessionId,
  };
}

/** An account whose visitor was removed gets a new one. */
async function giveVisitor(db: Db, userId: string): Promise<string> {
  const { rows } = await db.pool.query<{ id: string }>(
    `WITH made AS (INSERT INTO visitor (id) VALUES ($2) RETURNING id)
     UPDATE account_user SET visitor_id = coalesce(visitor_id, made.id) FROM made
     WHERE account_user.id = $1 RETURNING visitor_id AS id`,
    [userId, randomUUID()],
  );
  if (!rows[0]) throw new Error('the account is not there');
  return rows[0].id;
}

const isDue = onceAMinute();

/** Notes that a session was used, at most once a minute. */
async function noteSession(db: Db, id: string): Promise<void> {
  if (!isDue(id)) return;
  await db.pool.query(
    `UPDATE account_session SET updated_at = now() WHERE id = $1 AND updated_at < now() - interval '1 minute'`,
    [id],
  );
}

/** The sessions of a person that have not ended, the last used first. */
export async function listSessions(db: Db, userId: string, currentId: string | null): Promise<SessionView[]> {
  const rows = await db.prisma.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
    take: 100,
    select: { id: true, userAgent: true, createdAt: true, updatedAt: true, expiresAt: true },
  });
  return rows.map(({ id, userAgent, createdAt, updatedAt, expiresAt }) => ({
    ...{ id, createdAt, expiresAt },
    userAgent: userAgent?.slice(0, 300) ?? null,
    seenAt: updatedAt,
    current: id === currentId,
  }));
}

/** Ends one session of a person. @throws StudioError NOT_FOUND */
export async function endSession(db: Db, userId: string, id: string): Promise<{ id: string }> {
  const { count } = await db.prisma.session.deleteMany({ where: { id, userId } });
  if (count === 0)
    throw new StudioError('NOT_FOUND', 'This session has already ended.', { reason: 'NO_SESSION' });
  return { id };
}

/** Ends all sessions of a person but the one that asks. */
export async function endOtherSessions(
  db: Db,
  userId: string,
  currentId: string | null,
): Promise<{ ended: number }> {
  const { count } = await db.prisma.session.deleteMany({
    where: { userId, ...(currentId && { id: { not: currentId } }) },
  });
  return { ended: count };
}
