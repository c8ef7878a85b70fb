import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { kept, pruneDurations, writeDurations } from '../../server/demo/estimates/record';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** What is told of waiting, from rows put there and from a real worker. */
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

const revisionHash = 'a'.repeat(64);
const device = 'cpu';
const beat = (inference: object) =>
  studio.services.db.pool.query(
    `INSERT INTO worker_heartbeat (id, hostname, pid, lock_ids, inference) VALUES (gen_random_uuid(), 'elsewhere', 1, '{}', $1)`,
    [
      JSON.stringify({
        device,
        state: 'ready',
        model: 'm',
        hash: revisionHash,
        rss: 1,
        error: null,
        ...inference,
      }),
    ],
  );
const work = { task: 'generate', decoder: null, width: 64, height: 64, steps: 4, guided: true };
const request = { task: 'generate', prompt: 'two red apples' } as const;

test('the life of an estimate: unknown, a cold start, a queue', async () => {
  const { db } = studio.services;
  const me = studio.as();
  const before = () => studio.as().estimates.before({ task: 'generate' });
  expect(await before()).toEqual({ low: null, high: null, ahead: 0, coldStart: true });
  const thirty = Array.from({ length: 30 }, (_, i) => i);
  await writeDurations(
    db,
    thirty.map((i) => ({ revisionHash, device, kind: 'job', work, ms: 900 + 10 * ((i * 7) % 20) })),
  );

  await beat({ state: 'starting', loadingSince: Date.now() - 2000 });
  expect(await before()).toMatchObject({ low: null, coldStart: true });
  const loaded = await createStudio(database.url);
  await writeDurations(
    db,
    thirty.map(() => ({ revisionHash, device, kind: 'load', work: {}, ms: 5000 })),
  );
  const cold = await loaded.as().estimates.before({ task: 'generate' });
  expect(cold).toMatchObject({ ahead: 0, coldStart: true });
  // Of five seconds to load two at least are gone; then the job.
  expect(cold.low).toBeGreaterThan(800);
  expect(cold.high).toBeLessThan(5000);

  await beat({});
  const free = await loaded.as().estimates.before({ task: 'generate' });
  expect(free).toMatchObject({ ahead: 0, coldStart: false });
  expect(free.low).toBeGreaterThan(800);
  expect(free.low).toBeLessThan(1000);
  expect(free.high).toBeLessThan(1200);
  const jobs = [];
  for (let i = 0; i < 4; i++) jobs.push(await loaded.as().demo.submit(request));
  const mine = await loaded.as().estimates.before({ task: 'generate' });
  expect(mine.ahead).toBe(4);
  expect(mine.low).toBeGreaterThan(4000);
  expect(mine.high).toBeLessThan(6000);
  const visitor = randomUUID();
  const submitted = await loaded.as(visitor).demo.submit(request);
  expect(await loaded.as(visitor).demo.queue(submitted)).toEqual({
    ...{ position: 5, total: 5, coldStart: false },
    ...{ low: expect.any(Number), high: expect.any(Number) },
  });
  await expect(me.demo.queue(submitted)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await db.pool.query('DELETE FROM generation');
  await db.pool.query('DELETE FROM worker_heartbeat');
  await loaded.close();
});

test('an edit of a picture of any size has the estimate of the size that it is fitted to', async () => {
  const loaded = await createStudio(database.url);
  const edit = (input: object) => loaded.as().estimates.before({ task: 'edit', ...input });
  const large = await edit({ source: { width: 4000, height: 3000 } });
  expect(large).toEqual({ low: null, high: null, ahead: 0, coldStart: true });
  await expect(edit({ width: 4000, height: 3000 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await loaded.close();
});

test('an unknown size is refused as it is at submit', async () => {
  await expect(studio.as().estimates.before({ task: 'generate', width: 17 })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
});

test('a worker notes its load and its jobs, and only the newest are kept', async () => {
  const { db } = studio.services;
  await db.pool.query('DELETE FROM duration');
  const worker = await studio.worker();
  await worker.modelSettled;
  const me = studio.as();
  const picture = await me.demo.submit(request);
  const answer = await me.demo.submit({ task: 'understand', prompt: 'steps=3' });
  await studio.reaches(picture.id, 'done');
  await studio.reaches(answer.id, 'done');
  await worker.stop();
  const { rows } = await db.pool.query('SELECT kind, work, ms FROM duration ORDER BY id');
  expect(rows).toMatchObject([
    { kind: 'load', work: {}, ms: expect.any(Number) },
    { kind: 'job', work },
    { kind: 'job', work: { task: 'understand', tokens: 3 } },
  ]);
  await db.pool.query(
    `INSERT INTO duration (revision_hash, device, kind, work, ms) SELECT $1, $2, 'job', '{}', n FROM generate_series(1, 500) n`,
    [revisionHash, device],
  );
  await pruneDurations(db);
  const counted = await db.pool.query(`SELECT count(*)::int AS n, min(ms) FROM duration WHERE kind = 'job'`);
  expect(counted.rows).toEqual([{ n: kept, min: 101 }]);
});
