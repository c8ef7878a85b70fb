import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { sweepPictures, sweepStrays } from '../../server/platform/blobs/pictures';
import { pictureCheckJob } from '../../server/inference/queue/definition';
import { addJob } from '../../server/inference/queue/queue';
import { sweep } from '../../server/worker/sweep-handler';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

let database: TestDatabase;
let studio: TestStudio;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const longAgo = new Date(Date.now() - 25 * 3_600_000);
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const fileOf = (hash: string) => path.join(studio.home, 'blobs', hash.slice(0, 2), hash);

/** Files without rows. */
async function put(names: string[]): Promise<string[]> {
  const hashes = names.map(hashOf);
  for (const [i, hash] of hashes.entries()) await studio.services.blobs.put(hash, Buffer.from(names[i]!));
  return hashes;
}

/** Pictures that were stored two days ago. */
async function store(names: string[]): Promise<string[]> {
  const hashes = await put(names);
  await studio.services.db.pool.query(
    `INSERT INTO blob (hash, media_type, size, width, height, touched_at)
     SELECT unnest($1::text[]), 'image/png', 1, 1, 1, now() - interval '2 days'`,
    [hashes],
  );
  return hashes;
}

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name} ${i}`);

test('one sweep removes all pictures that are due, however many they are', async () => {
  const { db, blobs } = studio.services;
  const due = await store(numbered('unused', 1250));
  const [young] = await store(['young']);
  await db.pool.query('UPDATE blob SET touched_at = now() WHERE hash = $1', [young]);
  await sweep(studio.services);
  const left = await db.pool.query<{ hash: string }>('SELECT hash FROM blob');
  expect(left.rows).toEqual([{ hash: young }]);
  expect(await blobs.has(young!)).toBe(true);
  expect(await Promise.all(due.map((hash) => blobs.has(hash)))).not.toContain(true);
});

test('a picture that somebody has in hand is passed over, and the others are removed', async () => {
  const { db, blobs } = studio.services;
  const [held, free] = await store(['held', 'free']);
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM blob WHERE hash = $1 FOR KEY SHARE', [held]);
    expect(await sweepPictures(studio.services, 86_400)).toBe(1);
    expect([await blobs.has(held!), await blobs.has(free!)]).toEqual([true, false]);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

test('a sweep that is stopped begins no further step', async () => {
  await store(['for the next worker']);
  expect(await sweepPictures(studio.services, 86_400, AbortSignal.abort())).toBe(0);
});

test('files without a row and writes that were broken off are removed after a day', async () => {
  const [withRow] = await store(['with a row']);
  const [stray, young] = await put(['stray', 'young stray']);
  const incoming = path.join(studio.home, 'blobs/incoming');
  await mkdir(incoming, { recursive: true });
  const brokenOff = path.join(incoming, randomUUID());
  await writeFile(brokenOff, 'half a pic');
  await writeFile(path.join(incoming, 'now'), 'half');
  for (const file of [fileOf(withRow!), fileOf(stray!), brokenOff]) await utimes(file, longAgo, longAgo);
  expect(await sweepStrays(studio.services)).toBe(2);
  const { blobs } = studio.services;
  expect(await Promise.all([withRow, stray, young].map((hash) => blobs.has(hash!)))).toEqual([
    true,
    false,
    true,
  ]);
  expect(await readdir(incoming)).toEqual(['now']);
});

test('a stray whose row comes while it is being removed stays', async () => {
  const [hash] = await put(['late']);
  await utimes(fileOf(hash!), longAgo, longAgo);
  let looks = 0;
  // At the first look it has no row, at the second it has.
  const removed = await studio.services.blobs.sweepStrays(
    async (hashes) => new Set(hashes.filter((one) => one !== hash || looks++ > 0)),
  );
  expect([removed, looks, await studio.services.blobs.has(hash!)]).toEqual([0, 2, true]);
});

test('jobs that nobody tries again are removed after a day', async () => {
  const { db } = studio.services;
  const payload = { hash: 'a'.repeat(64), revisionId: randomUUID() };
  for (const key of ['dead', 'fresh', 'alive']) await addJob(db.pool, pictureCheckJob, payload, { key });
  await db.pool.query(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts, updated_at = now() - interval '2 days'
     WHERE key IN ('dead', 'fresh')`,
  );
  await db.pool.query(`UPDATE graphile_worker._private_jobs SET updated_at = now() WHERE key = 'fresh'`);
  await sweep(studio.services);
  const { rows } = await db.pool.query<{ key: string }>('SELECT key FROM graphile_worker.jobs ORDER BY key');
  expect(rows.map(({ key }) => key)).toEqual(['alive', 'fresh', 'sweep-strays']);
});
