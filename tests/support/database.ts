import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { createDb, type Db } from '../../server/db/client';
import { migrate } from '../../server/db/migrate';

export const migrationsFolder = path.join(import.meta.dirname, '../../prisma/migrations');

/** Tests write and drop: only what is made for them. */
export function refuseUnlessTest(url: string): void {
  const name = new URL(url).pathname.slice(1);
  if (!name.endsWith('_test'))
    throw new Error(`Tests run on databases whose name ends in _test, not on ${JSON.stringify(name)}.`);
}

export interface TestDatabase {
  url: string;
  db: Db;
  drop: () => Promise<void>;
}

/** A new, migrated database beside `adminUrl`. */
export async function createTestDatabase(adminUrl: string): Promise<TestDatabase> {
  refuseUnlessTest(adminUrl);
  const url = await createEmptyDatabase(adminUrl);
  await migrate(url, migrationsFolder);
  const db = createDb(url);
  return {
    url,
    db,
    drop: async () => {
      await db.close();
      await admin(adminUrl, `DROP DATABASE "${new URL(url).pathname.slice(1)}" WITH (FORCE)`);
    },
  };
}

export async function createEmptyDatabase(adminUrl: string): Promise<string> {
  refuseUnlessTest(adminUrl);
  const name = `studio_${randomBytes(6).toString('hex')}_test`;
  await admin(adminUrl, `CREATE DATABASE "${name}"`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function admin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
