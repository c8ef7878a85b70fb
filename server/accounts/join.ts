import { hashPassword } from 'better-auth/crypto';
import type pg from 'pg';
import { record } from '../platform/audit/audit';
import type { Db } from '../platform/db/client';
import { transaction } from '../platform/db/transaction';
import { StudioError } from '../platform/errors/errors';
import { lookAtInvitation, stateOf } from './invitations';
import { hashOf, newLink } from './links';
import { linkTokenSchema, weaknessOf, type InvitationView, type Me, type ResetLink } from './schema';
import { insertUser } from './users';

/** Accounts come into being here, by an invitation, and passwords that were forgotten are set anew. */

const problems = {
  unknown: ['INVITATION_UNKNOWN', 'This invitation doesn’t exist. Ask for a new link.'],
  used: [
    'INVITATION_USED',
    'This invitation has already been used; each creates one account. Ask for a new link.',
  ],
  expired: ['INVITATION_EXPIRED', 'This invitation has expired. Ask for a new link.'],
  revoked: ['INVITATION_REVOKED', 'This invitation has been revoked. Ask for a new link.'],
} as const;

/** @throws StudioError CONFLICT, saying why the link is good no more. */
export function refuseUnlessOpen(state: InvitationView['state']): void {
  if (state === 'open') return;
  const [reason, message] = problems[state];
  throw new StudioError('CONFLICT', message, { reason });
}

/** @throws StudioError BAD_REQUEST for a password that is easy to guess. */
export function refuseWeak(password: string, email: string): void {
  const weakness = weaknessOf(password, email);
  if (weakness === 'email')
    throw new StudioError('BAD_REQUEST', 'Your password can’t be your email address. Choose another.', {
      reason: 'PASSWORD_IS_EMAIL',
    });
  if (weakness === 'repeated')
    throw new StudioError('BAD_REQUEST', 'This password only repeats a few characters. Choose another.', {
      reason: 'PASSWORD_REPEATS',
    });
}

interface Joining {
  token: string;
  name: string;
  email: string;
  password: string;
}

/**
 * Makes the account that an invitation is for. Of several people who use one link at the same moment, one gets it.
 * @throws StudioError CONFLICT: the link is good no more, is for another address, or the address has an account.
 */
export async function join(db: Db, { token, name, email, password }: Joining): Promise<Me> {
  refuseUnlessOpen((await lookAtInvitation(db, token)).state);
  refuseWeak(password, email);
  const passwordHash = await hashPassword(password);
  return transaction(db.pool, async (client) => {
    const invitation = await lockOpen(client, token);
    if (invitation.email !== null && invitation.email !== email)
      throw new StudioError('CONFLICT', `This invitation is for ${invitation.email}. Use that address.`, {
        reason: 'INVITATION_EMAIL',
        params: { email: invitation.email },
      });
    const me = await insertUser(client, { name, email, role: invitation.role, passwordHash }).catch(
      (error: unknown) => {
        if ((error as { constraint?: unknown }).constraint !== 'account_user_email_key') throw error;
        throw new StudioError('CONFLICT', 'An account with this address already exists. Sign in instead.', {
          reason: 'EMAIL_TAKEN',
        });
      },
    );
    await client.query('UPDATE invitation SET used_at = now(), used_by = $2 WHERE id = $1', [
      invitation.id,
      me.id,
    ]);
    const details = { invitation: invitation.id, role: me.role, email };
    await record(client, { userId: me.id, what: 'account.joined', details });
    return me;
  });
}

interface Open {
  id: string;
  role: Me['role'];
  email: string | null;
}

/** The second of two waits here for the first, and then finds the link used. */
async function lockOpen(client: pg.PoolClient, token: string): Promise<Open> {
  const { rows } = await client.query<
    Open & { usedAt: Date | null; revokedAt: Date | null; expiresAt: Date; late: boolean }
  >(
    `SELECT id, role, email, used_at AS "usedAt", revoked_at AS "revokedAt", expires_at AS "expiresAt",
            first_start AND EXISTS (SELECT 1 FROM account_user) AS late
     FROM invitation WHERE token_hash = $1 FOR UPDATE`,
    [hashOf(token)],
  );
  const row = rows[0];
  if (!row) refuseUnlessOpen('unknown');
  else refuseUnlessOpen(row.late && !row.usedAt ? 'revoked' : stateOf(row));
  return row as Open;
}

const resetHours = 24;
const resetKey = (token: string) => `reset:${hashOf(token)}`;

/**
 * A link by which somebody sets a new password once, within a day. An earlier one is good no more.
 * @throws StudioError NOT_FOUND; CONFLICT for a disabled account.
 */
export async function makeResetLink(db: Db, by: string | null, userId: string): Promise<ResetLink> {
  const { token } = newLink();
  return transaction(db.pool, async (client) => {
    const { rows } = await client.query<{ disabled: boolean }>(
      `SELECT disabled_at IS NOT NULL AS disabled FROM account_user WHERE id = $1 FOR UPDATE`,
      [userId],
    );
    if (!rows[0]) throw new StudioError('NOT_FOUND', 'This account doesn’t exist.', { reason: 'NO_ACCOUNT' });
    if (rows[0].disabled)
      throw new StudioError('CONFLICT', 'This account is disabled. Enable it first.', {
        reason: 'ACCOUNT_IS_DISABLED',
      });
    await client.query(`DELETE FROM account_verification WHERE value = $1 AND identifier LIKE 'reset:%'`, [
      userId,
    ]);
    const made = await client.query<{ expiresAt: Date }>(
      `INSERT INTO account_verification (identifier, value, expires_at)
       VALUES ($1, $2, now() + make_interval(hours => $3)) RETURNING expires_at AS "expiresAt"`,
      [resetKey(token), userId, resetHours],
    );
    await record(client, { userId: by, what: 'account.reset_link', details: { user: userId } });
    return { token, expiresAt: made.rows[0]?.expiresAt ?? new Date() };
  });
}

/** Whose password a link sets; null for one that is good no more. */
export async function lookAtReset(db: Db, token: string): Promise<{ name: string; email: string } | null> {
  if (!linkTokenSchema.safeParse(token).success) return null;
  const { rows } = await db.pool.query<{ name: string; email: string }>(
    `SELECT u.name, u.email FROM account_verification v JOIN account_user u ON u.id::text = v.value
     WHERE v.identifier = $1 AND v.expires_at > now() AND u.disabled_at IS NULL`,
    [resetKey(token)],
  );
  return rows[0] ?? null;
}

/**
 * Sets a new password by a link, and ends every session of the account.
 * @returns whose it is
 * @throws StudioError CONFLICT when the link is good no more.
 */
export async function resetPassword(
  db: Db,
  { token, password }: { token: string; password: string },
): Promise<{ email: string }> {
  const gone = () =>
    new StudioError(
      'CONFLICT',
      'This link has already been used or has expired. Ask an admin for a new one.',
      {
        reason: 'RESET_GONE',
      },
    );
  const found = await lookAtReset(db, token);
  if (!found) throw gone();
  refuseWeak(password, found.email);
  const hash = await hashPassword(password);
  return transaction(db.pool, async (client) => {
    const taken = await client.query<{ userId: string }>(
      `DELETE FROM account_verification WHERE identifier = $1 AND expires_at > now() RETURNING value AS "userId"`,
      [resetKey(token)],
    );
    const userId = taken.rows[0]?.userId;
    if (!userId) throw gone();
    await client.query(
      `INSERT INTO account_login (user_id, account_id, provider_id, password) VALUES ($1::uuid, $1::uuid::text, 'credential', $2)
       ON CONFLICT (provider_id, account_id) DO UPDATE SET password = excluded.password, updated_at = now()`,
      [userId, hash],
    );
    await client.query('DELETE FROM account_session WHERE user_id = $1', [userId]);
    await record(client, { userId, what: 'account.password_reset' });
    return { email: found.email };
  });
}
