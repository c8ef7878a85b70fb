import { randomUUID } from 'node:crypto';
import type { Me, Role } from '../../server/accounts/schema';
import type { Db } from '../../server/db/client';
import type { TestStudio } from './studio';

/** Somebody of the team, as a row and as the procedures see them. */
export async function person(db: Db, role: Role, name = `a ${role}`): Promise<Me> {
  const id = randomUUID();
  const email = `${id}@studio.test`;
  await db.pool.query('INSERT INTO account_user (id, name, email, role) VALUES ($1, $2, $3, $4)', [
    ...[id, name, email, role],
  ]);
  return { id, name, email, role };
}

/** The procedures as somebody of a role calls them. */
export async function asRole(studio: TestStudio, role: Role) {
  return studio.as(undefined, null, await person(studio.services.db, role));
}
