import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Db } from '../platform/db/client';
import { storableText } from '../platform/db/text';
import type { Me, Role } from './schema';

interface NewUser {
  name: string;
  /** In small letters. */
  email: string;
  role: Role;
  /** As better-auth hashes it; null for one who cannot sign in by password yet. */
  passwordHash: string | null;
}

/**
 * Adds a person and what belongs to the account: a visitor of its own, whose id no cookie ever holds.
 * @throws the database's 23505 where the email has an account already.
 */
export async function insertUser(client: Pick<pg.ClientBase, 'query'>, user: NewUser): Promise<Me> {
  const { email, role, passwordHash } = user;
  const name = storableText(user.name);
  const [id, visitorId] = [randomUUID(), randomUUID()];
  await client.query('INSERT INTO visitor (id) VALUES ($1)', [visitorId]);
  await client.query(
    'INSERT INTO account_user (id, name, email, role, visitor_id) VALUES ($1, $2, $3, $4, $5)',
    [id, name, email, role, visitorId],
  );
  if (passwordHash !== null)
    await client.query(
      `INSERT INTO account_login (user_id, account_id, provider_id, password) VALUES ($1::uuid, $1::uuid::text, 'credential', $2)`,
      [id, passwordHash],
    );
  return { id, name, email, role };
}

/** Gives a person another name. */
export async function rename(db: Db, me: Me, name: string): Promise<Me> {
  const { rowCount } = await db.pool.query(
    'UPDATE account_user SET name = $2, updated_at = now() WHERE id = $1',
    [me.id, storableText(name)],
  );
  if (!rowCount) throw new Error('the account is not there');
  return { ...me, name: storableText(name) };
}
