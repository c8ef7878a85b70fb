import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrate, readMigrations } from '../../server/platform/db/migrate';
import {
  createEmptyDatabase,
  createTestDatabase,
  migrationsFolder,
  refuseUnlessTest,
} from '../support/database';

let url: string;
let client: pg.Client;
beforeAll(async () => {
  url = await createEmptyDatabase(inject('adminUrl'));
  client = new pg.Client({ connectionString: url });
  await client.connect();
});
afterAll(() => client.end());

test('records every migration as Prisma does: name, sha256 of the file, one step, finished', async () => {
  const applied = await migrate(url, migrationsFolder);
  const { rows } = await client.query('SELECT * FROM _prisma_migrations ORDER BY migration_name');
  expect(rows.map((row) => row.migration_name)).toEqual(applied);
  expect(applied.length).toBeGreaterThan(0);
  for (const row of rows) {
    const bytes = await readFile(path.join(migrationsFolder, row.migration_name, 'migration.sql'));
    expect(row.checksum).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(row.applied_steps_count).toBe(1);
    expect(row.finished_at).toBeInstanceOf(Date);
    expect(row.rolled_back_at).toBeNull();
    expect(row.id).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('the record has the columns of Prisma’s own table', async () => {
  const { rows } = await client.query(
    `SELECT column_name, data_type, is_nullable FROM information_schema.columns
     WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
  );
  expect(rows.map((row) => `${row.column_name} ${row.data_type} ${row.is_nullable}`)).toEqual([
    'id character varying NO',
    'checksum character varying NO',
    'finished_at timestamp with time zone YES',
    'migration_name character varying NO',
    'logs text YES',
    'rolled_back_at timestamp with time zone YES',
    'started_at timestamp with time zone NO',
    'applied_steps_count integer NO',
  ]);
});

test('a second time does nothing, also when two start at once', async () => {
  const both = await Promise.all([migrate(url, migrationsFolder), migrate(url, migrationsFolder)]);
  expect(both).toEqual([[], []]);
});

test('refuses a migration that was edited after it was applied', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'migrations-'));
  await cp(migrationsFolder, folder, { recursive: true });
  const [first] = await readMigrations(folder);
  await writeFile(path.join(folder, first?.name ?? '', 'migration.sql'), `${first?.sql}\n-- edited`);
  await expect(migrate(url, folder)).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
  await rm(folder, { recursive: true });
});

test('the tables are those of the Prisma schema, column by column', async () => {
  const { db, drop } = await createTestDatabase(inject('adminUrl'));
  // A column that only one of the two knows makes one of these queries fail.
  await db.prisma.generation.findFirst({
    include: { visitor: true, revision: { include: { model: true } }, source: true },
  });
  await db.prisma.generationEvent.findFirst();
  await db.prisma.workerHeartbeat.findFirst();
  await db.prisma.item.findFirst({ include: { version: { include: { benchmark: true } }, pictures: true } });
  await db.prisma.evaluationRun.findFirst({
    include: {
      revision: true,
      source: true,
      aggregates: true,
      count: true,
      starter: true,
      samples: { include: { scores: true, picture: true } },
    },
  });
  await db.prisma.publishedResult.findFirst();
  await db.prisma.grid.findFirst({ include: { visitor: true, generations: true } });
  await db.prisma.share.findFirst({ include: { generation: true } });
  await db.prisma.flag.findFirst({
    include: { generation: true, visitor: true, source: true, picture: true },
  });
  await db.prisma.apiKey.findFirst({ include: { visitor: true } });
  await db.prisma.upload.findFirst({ include: { visitor: true, blob: true } });
  await db.prisma.pictureCheck.findFirst({ include: { blob: true, revision: true } });
  await db.prisma.duration.findFirst();
  await db.prisma.queueClock.findFirst();
  await db.prisma.rateLimit.findFirst();
  const schema = await readFile(path.join(migrationsFolder, '../schema.prisma'), 'utf8');
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
  );
  const enums = [...schema.matchAll(/^enum (\w+)/gm)].map((found) => found[1]);
  const scalar = new RegExp(
    `^ {2}\\w+ +(String|Int|BigInt|Float|Boolean|DateTime|Json|${enums.join('|')})(\\[\\]|\\?)?( |$)`,
    'gm',
  );
  expect(schema.match(scalar)?.length).toBe(rows[0]?.n);
  await drop();
});

test('says in one line that a database cannot be reached or refuses, without the password', async () => {
  const away = await migrate('postgresql://me:secret@127.0.0.1:1/none_test', migrationsFolder).catch(
    (e: Error) => e,
  );
  expect(away).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  expect((away as Error).message).toMatch(
    /127\.0\.0\.1:1\/none_test cannot be reached \(ECONNREFUSED\)\. Start it/,
  );
  expect((away as Error).message).not.toContain('secret');
  const missing = new URL(url);
  missing.pathname = '/missing_test';
  await expect(migrate(missing.href, migrationsFolder)).rejects.toThrow(
    /the database doesn’t exist\. Create it/,
  );
  missing.password = 'wrong';
  await expect(migrate(missing.href, migrationsFolder)).rejects.toThrow(/wrong user or password/);
});

test('tests refuse a database that is not theirs', () => {
  expect(() => refuseUnlessTest('postgresql://localhost/studio')).toThrow(/_test/);
});
