import type pg from 'pg';
import { record, type AuditEntry } from '../platform/audit/audit';
import type { Db } from '../platform/db/client';
import { transaction } from '../platform/db/transaction';
import { StudioError } from '../platform/errors/errors';
import { revokeInvitationsOf } from './invitations';
import type { Member, Role } from './schema';

/** The people of the team, and what admins do about them. */

const columns = `u.id, u.name, u.email, u.role, u.created_at AS "createdAt", u.disabled_at AS "disabledAt",
  s.seen AS "seenAt", coalesce(s.n, 0)::int AS sessions`;
const sessions = `LEFT JOIN LATERAL (SELECT max(updated_at) AS seen, count(*) AS n FROM account_session
  WHERE user_id = u.id AND expires_at > now()) s ON true`;

/** In the order in which they joined, by pages of 100. */
export async function listMembers(
  db: Db,
  cursor?: string | null,
): Promise<{ items: Member[]; nextCursor: string | null }> {
  const size = 100;
  const { rows } = await db.pool.query<Member>(
    `SELECT ${columns} FROM account_user u ${sessions}
     WHERE $1::uuid IS NULL OR (u.created_at, u.id) > (SELECT created_at, id FROM account_user WHERE id = $1)
     ORDER BY u.created_at, u.id LIMIT $2`,
    [cursor ?? null, size + 1],
  );
  const items = rows.slice(0, size);
  return { items, nextCursor: rows.length > size ? (items.at(-1)?.id ?? null) : null };
}

async function getMember(client: Pick<pg.ClientBase, 'query'>, id: string): Promise<Member> {
  const { rows } = await client.query<Member>(
    `SELECT ${columns} FROM account_user u ${sessions} WHERE u.id = $1`,
    [id],
  );
  if (!rows[0]) throw new StudioError('NOT_FOUND', 'This account doesn’t exist.', { reason: 'NO_ACCOUNT' });
  return rows[0];
}

type Acting = { db: Db; by: string };

/**
 * An act about a person by an admin who still is one when it happens. The admins' rows are locked in one order, so that
 * of two who demote each other one comes first, and the other is an admin no more.
 */
async function act(
  { db, by }: Acting,
  id: string,
  work: (client: pg.PoolClient, target: Member, admins: string[]) => Promise<AuditEntry['what'] | null>,
  details: (target: Member) => Record<string, unknown> = () => ({}),
): Promise<Member> {
  return transaction(db.pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM account_user WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR UPDATE`,
    );
    const admins = rows.map((row) => row.id);
    if (!admins.includes(by))
      throw new StudioError('FORBIDDEN', 'You’re no longer an admin.', { reason: 'ADMIN_NO_MORE' });
    await client.query('SELECT 1 FROM account_user WHERE id = $1 FOR UPDATE', [id]);
    const before = await getMember(client, id);
    const what = await work(client, before, admins);
    if (what !== null)
      await record(client, {
        userId: by,
        what,
        details: { user: id, name: before.name, email: before.email, ...details(before) },
      });
    return getMember(client, id);
  });
}

function refuseLast(target: Member, admins: string[]): void {
  if (admins.length === 1 && admins[0] === target.id)
    throw new StudioError('CONFLICT', 'This is the last admin. Make someone else an admin first.', {
      reason: 'LAST_ADMIN',
    });
}

/** @throws StudioError CONFLICT for the last admin, NOT_FOUND */
export const setRole = (deps: Acting, id: string, role: Role): Promise<Member> =>
  act(
    deps,
    id,
    async (client, target, admins) => {
      if (target.role === role) return null;
      if (target.role === 'admin') {
        refuseLast(target, admins);
        await revokeInvitationsOf(client, id);
      }
      await client.query('UPDATE account_user SET role = $2, updated_at = now() WHERE id = $1', [id, role]);
      return 'account.role';
    },
    (before) => ({ from: before.role, to: role }),
  );

/**
 * A disabled account has no sessions, its API keys are refused, and its open invitations are withdrawn; what it made
 * stays.
 * @throws StudioError CONFLICT for the last admin, NOT_FOUND
 */
export const setDisabled = (deps: Acting, id: string, disabled: boolean): Promise<Member> =>
  act(deps, id, async (client, target, admins) => {
    if ((target.disabledAt !== null) === disabled) return null;
    if (disabled) {
      refuseLast(target, admins);
      await revokeInvitationsOf(client, id);
      await client.query('DELETE FROM account_session WHERE user_id = $1', [id]);
      await client.query(`DELETE FROM account_verification WHERE value = $1`, [id]);
    }
    await client.query(
      `UPDATE account_user SET disabled_at = CASE WHEN $2 THEN now() END, updated_at = now() WHERE id = $1`,
      [id, disabled],
    );
    return disabled ? 'account.disabled' : 'account.enabled';
  });

/** Signs a person out everywhere. */
export const endSessionsOf = (deps: Acting, id: string): Promise<Member> =>
  act(deps, id, async (client) => {
    const { rowCount } = await client.query('DELETE FROM account_session WHERE user_id = $1', [id]);
    return rowCount ? 'account.sessions_ended' : null;
  });
