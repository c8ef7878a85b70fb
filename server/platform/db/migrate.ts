import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { foreseen, isConnectionError, oneLine, StudioError } from '../errors/errors';

/** Prisma's own lock, so that this runner and `prisma migrate deploy` never run at once. */
const prismaLock = 72707369;

const migrationsTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

export interface Migration {
  name: string;
  sql: string;
  /** sha256 of the file's bytes, hexadecimal: what Prisma stores. */
  checksum: string;
}

/** The migrations in Prisma's layout (`<timestamp>_<name>/migration.sql`), oldest first. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((e) => e.isDirectory()).map((e) => e.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(path.join(folder, name, 'migration.sql'));
      return {
        name,
        sql: bytes.toString('utf8'),
        checksum: createHash('sha256').update(bytes).digest('hex'),
      };
    }),
  );
}

/** @throws StudioError DATABASE_UNREACHABLE, DATABASE_REFUSED */
export async function checkConnection(databaseUrl: string): Promise<void> {
  await (await connect(databaseUrl)).end();
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw explainConnection(error, databaseUrl);
  });
  return client;
}

/**
 * Brings the database up to date as `prisma migrate deploy` would, and the job engine's tables with it. Each
 * migration and its record are one transaction.
 * @returns the names of those applied now.
 * @throws StudioError DATABASE_UNREACHABLE, DATABASE_REFUSED, MIGRATION_CHANGED.
 */
export async function migrate(databaseUrl: string, folder: string): Promise<string[]> {
  const client = await connect(databaseUrl);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [prismaLock]);
    await client.query(migrationsTable);
    const applied = await applyNew(client, await readMigrations(folder));
    await runMigrations({ connectionString: databaseUrl });
    return applied;
  } catch (error) {
    if (isConnectionError(error)) throw explainConnection(error, databaseUrl);
    throw (
      foreseen(error) ??
      new StudioError(
        'DATABASE_REFUSED',
        `The database rejected the migration: ${oneLine(error)}. Its user needs permission to create tables and schemas.`,
        { cause: error },
      )
    );
  } finally {
    await client.end();
  }
}

async function applyNew(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const known = new Map(rows.map((row) => [row.migration_name, row]));
  const applied: string[] = [];
  for (const { name, sql, checksum } of migrations) {
    const row = known.get(name);
    if (row && !row.finished_at)
      throw new StudioError(
        'MIGRATION_CHANGED',
        `The migration ${name} has failed here before. Repair the database, then \`npx prisma migrate resolve\`.`,
      );
    if (row && row.checksum !== checksum)
      throw new StudioError(
        'MIGRATION_CHANGED',
        `The migration ${name} differs from the one applied to this database. Restore the file, or start with an empty database.`,
      );
    if (row) continue;
    await client.query('BEGIN');
    try {
      await client.query(sql);
      await client.query(
        `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
         VALUES ($1, $2, now(), $3, 1)`,
        [randomUUID(), checksum, name],
      );
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
    applied.push(name);
  }
  return applied;
}

/** One line for a database that does not let us in. The password is never shown. */
export function explainConnection(error: unknown, databaseUrl: string): StudioError {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : null;
  const where = url ? `${url.hostname}:${url.port || 5432}${url.pathname}` : 'DATABASE_URL';
  const { code } = error as { code?: string };
  const advice: Record<string, string> = {
    '28P01': 'wrong user or password. Correct DATABASE_URL.',
    '28000': 'the user is not allowed to connect. Correct DATABASE_URL or the server’s access rules.',
    '3D000': `the database doesn’t exist. Create it: createdb ${url?.pathname.slice(1) ?? ''}`,
  };
  const known = code ? advice[code] : undefined;
  if (known)
    return new StudioError('DATABASE_REFUSED', `The database ${where} refused the connection: ${known}`, {
      cause: error,
    });
  const reason = code ?? oneLine(error);
  return new StudioError(
    'DATABASE_UNREACHABLE',
    `The database ${where} cannot be reached (${reason}). Start it, correct DATABASE_URL, or unset DATABASE_URL to use the built-in one.`,
    { cause: error },
  );
}
