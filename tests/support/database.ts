import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { createDb, type Db } from '../../server/platform/db/client';
import { migrate } from '../../server/platform/db/migrate';

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

const templateName = 'studio_template_test';
/** Any number: whoever makes the template holds it. */
const templateLock = 4821;

/** A new, migrated database beside `adminUrl`: a copy of one that is migrated once for each server. */
export async function createTestDatabase(adminUrl: string): Promise<TestDatabase> {
  refuseUnlessTest(adminUrl);
  await ensureTemplate(adminUrl);
  const url = await createEmptyDatabase(adminUrl, templateName);
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

/** A new database with nothing in it, or with what its template holds. */
export async function createEmptyDatabase(adminUrl: string, template = 'template1'): Promise<string> {
  refuseUnlessTest(adminUrl);
  const name = `studio_${randomBytes(6).toString('hex')}_test`;
  await admin(adminUrl, `CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  return besides(adminUrl, name);
}

function besides(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Under a lock, because test files begin at the same time. A migration that fails leaves none behind. */
async function ensureTemplate(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [templateName]);
    if (rowCount) return;
    await client.query(`CREATE DATABASE "${templateName}"`);
    try {
      await migrate(besides(adminUrl, templateName), migrationsFolder);
    } catch (error) {
      await client.query(`DROP DATABASE "${templateName}" WITH (FORCE)`);
      throw error;
    }
  });
}

const admin = (url: string, sql: string): Promise<void> =>
  withClient(url, async (client) => void (await client.query(sql)));

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await work(client).finally(() => client.end());
}
