import type pg from 'pg';
import { record } from '../platform/audit/audit';
import type { Db } from '../platform/db/client';
import { transaction } from '../platform/db/transaction';
import { StudioError } from '../platform/errors/errors';
import { hashOf, newLink } from './links';
import {
  linkTokenSchema,
  type Invitation,
  type InvitationView,
  type MadeInvitation,
  type Role,
} from './schema';

/** Links that make one account each. Only the sha256 of a link's token is kept. */

interface Row {
  id: string;
  role: Role;
  email: string | null;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  revokedAt: Date | null;
  firstStart: boolean;
  inviter: { id: string; name: string } | null;
  user: { id: string; name: string } | null;
}

const select = {
  ...{ id: true, role: true, email: true, createdAt: true, expiresAt: true, usedAt: true, revokedAt: true },
  firstStart: true,
  inviter: { select: { id: true, name: true } },
  user: { select: { id: true, name: true } },
} as const;

export const stateOf = (row: Pick<Row, 'usedAt' | 'revokedAt' | 'expiresAt'>): Invitation['state'] =>
  row.usedAt ? 'used' : row.revokedAt ? 'revoked' : row.expiresAt <= new Date() ? 'expired' : 'open';

const view = (row: Row): Invitation => ({
  ...{ id: row.id, role: row.role, email: row.email, state: stateOf(row) },
  ...{ invitedBy: row.inviter, usedBy: row.user },
  ...{ createdAt: row.createdAt, expiresAt: row.expiresAt, usedAt: row.usedAt },
});

interface Wanted {
  role: Role;
  email?: string | null;
  days: number;
  firstStart?: boolean;
}

/**
 * Makes a link: the token is told this once.
 * @param by null for the server itself or its command line.
 */
export async function invite(db: Db, by: string | null, wanted: Wanted): Promise<MadeInvitation> {
  const { token, hash } = newLink();
  const id = await transaction(db.pool, (client) => insertInvitation(client, by, { ...wanted, hash }));
  return { ...(await getInvitation(db, id)), token };
}

async function insertInvitation(
  client: pg.PoolClient,
  by: string | null,
  { role, email = null, days, firstStart = false, hash }: Wanted & { hash: string },
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO invitation (token_hash, role, email, created_by, expires_at, first_start)
     VALUES ($1, $2, $3, $4, now() + make_interval(days => $5), $6) RETURNING id`,
    [hash, role, email, by, days, firstStart],
  );
  const id = rows[0]?.id ?? '';
  const what = firstStart ? 'account.first_link' : 'account.invited';
  await record(client, { userId: by, what, details: { invitation: id, role, email, days } });
  return id;
}

async function getInvitation(db: Db, id: string): Promise<Invitation> {
  return view(await db.prisma.invitation.findUniqueOrThrow({ where: { id }, select }));
}

/** Newest first, by pages of 50. */
export async function listInvitations(
  db: Db,
  cursor?: string | null,
): Promise<{ items: Invitation[]; nextCursor: string | null }> {
  const size = 50;
  const after = cursor
    ? await db.prisma.invitation.findUnique({ where: { id: cursor }, select: { createdAt: true, id: true } })
    : null;
  const rows = await db.prisma.invitation.findMany({
    ...(after && {
      where: {
        OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }],
      },
    }),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: size + 1,
    select,
  });
  const items = rows.slice(0, size).map(view);
  return { items, nextCursor: rows.length > size ? (items.at(-1)?.id ?? null) : null };
}

/**
 * Takes a link back. Safe to repeat.
 * @throws StudioError NOT_FOUND, or CONFLICT when somebody has used it.
 */
export async function revokeInvitation(db: Db, by: string, id: string): Promise<Invitation> {
  await transaction(db.pool, async (client) => {
    const { rows } = await client.query<{ used: boolean; revoked: boolean }>(
      `SELECT used_at IS NOT NULL AS used, revoked_at IS NOT NULL AS revoked FROM invitation WHERE id = $1 FOR UPDATE`,
      [id],
    );
    if (!rows[0])
      throw new StudioError('NOT_FOUND', 'This invitation doesn’t exist.', { reason: 'INVITATION_UNKNOWN' });
    if (rows[0].used)
      throw new StudioError(
        'CONFLICT',
        'Someone has already joined with this invitation. Disable their account instead.',
        { reason: 'INVITATION_JOINED' },
      );
    if (rows[0].revoked) return;
    await client.query('UPDATE invitation SET revoked_at = now() WHERE id = $1', [id]);
    await record(client, { userId: by, what: 'account.invitation_revoked', details: { invitation: id } });
  });
  return getInvitation(db, id);
}

/** Takes back the open links that somebody made: they may not invite any more. */
export async function revokeInvitationsOf(client: pg.PoolClient, userId: string): Promise<void> {
  await client.query(
    `UPDATE invitation SET revoked_at = now() WHERE created_by = $1 AND used_at IS NULL AND revoked_at IS NULL`,
    [userId],
  );
}

/** What somebody who opens a link learns of it. */
export async function lookAtInvitation(db: Db, token: string): Promise<InvitationView> {
  const row = linkTokenSchema.safeParse(token).success
    ? await db.prisma.invitation.findUnique({ where: { tokenHash: hashOf(token) }, select })
    : null;
  if (!row) return { state: 'unknown', role: null, email: null, invitedBy: null, expiresAt: null };
  const state = await stateNow(db, row);
  // Who has a link that is no good any more learns no more than that.
  if (state !== 'open') return { state, role: null, email: null, invitedBy: null, expiresAt: null };
  const { role, email, inviter, expiresAt } = row;
  return { state, role, email, invitedBy: inviter?.name ?? null, expiresAt };
}

/** The link of the first start is good only as long as nobody has an account. */
async function stateNow(db: Db, row: Row): Promise<Invitation['state']> {
  const state = stateOf(row);
  if (state !== 'open' || !row.firstStart) return state;
  return (await db.prisma.user.findFirst({ select: { id: true } })) ? 'revoked' : 'open';
}

/**
 * A one-time link that makes the first admin, as long as nobody has an account; the one of an earlier start is good no
 * more.
 * @returns the token, or null when somebody has an account.
 */
export async function firstLink(db: Db): Promise<string | null> {
  const { token, hash } = newLink();
  return transaction(db.pool, async (client) => {
    // Of several first starts on one database, one after the other.
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('first link'))`);
    const { rowCount } = await client.query('SELECT FROM account_user LIMIT 1');
    if (rowCount) return null;
    await client.query(
      `UPDATE invitation SET revoked_at = now() WHERE first_start AND used_at IS NULL AND revoked_at IS NULL`,
    );
    await insertInvitation(client, null, { role: 'admin', days: 7, firstStart: true, hash });
    return token;
  });
}
