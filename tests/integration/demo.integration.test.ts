import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { eventChannel } from '../../server/platform/db/hub';
import { claimNext, moveState } from '../../server/demo/jobs/store';
import { createStudio, type TestStudio } from '../support/studio';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** The procedures without a worker: what is queued stays queued. */
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

const submitted = { task: 'generate', prompt: 'two red apples' } as const;

test('a submitted job has every parameter, the drawn seed included', async () => {
  const me = studio.as();
  const { id } = await me.demo.submit(submitted);
  const job = await me.demo.get({ id });
  expect(job).toMatchObject({
    state: 'queued',
    parameters: { width: 64, height: 64, steps: 4, guidance: 2 },
  });
  expect(job.parameters.seed).toEqual(expect.any(Number));
  await me.demo.cancel({ id });
});

test.each([
  [{ prompt: '   ' }, /prompt is empty/i, 'prompt'],
  [{ prompt: 'x'.repeat(10_000) }, /10000 characters/, 'prompt'],
  [{ prompt: '\u0000\u0007' }, /prompt is empty/i, 'prompt'],
  [{ width: 17 }, /width 17: must be a multiple of 8 from 32 to 128/, 'width'],
  [{ height: 100_000 }, /height 100000/, 'height'],
  [{ steps: 0 }, /steps 0: must be a whole number from 1 to 50/, 'steps'],
  [{ seed: -1 }, /seed -1/, 'seed'],
  [{ seed: 2 ** 32 }, /seed 4294967296/, 'seed'],
  [{ guidance: 99 }, /guidance 99/, 'guidance'],
])('refuses %o before it is queued', async (wrong, message, field) => {
  const me = studio.as();
  const refusal = await me.demo.submit({ ...submitted, ...wrong }).catch((e: unknown) => e);
  expect(refusal).toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringMatching(message),
    cause: { field },
  });
  expect((await me.demo.list({})).items).toEqual([]);
});

test('control characters are dropped and emoji kept', async () => {
  const me = studio.as();
  const { id } = await me.demo.submit({ ...submitted, prompt: 'an \u0000apple 🍎\u0007' });
  expect((await me.demo.get({ id })).prompt).toBe('an apple 🍎');
  await me.demo.cancel({ id });
});

test('a source that is not here, or none for an edit, is refused', async () => {
  const me = studio.as();
  await expect(me.demo.submit({ task: 'edit', prompt: 'greener' })).rejects.toThrow(/needs a source image/);
  const sourceHash = 'f'.repeat(64);
  await expect(me.demo.submit({ task: 'edit', prompt: 'greener', sourceHash })).rejects.toThrow(
    /Upload it again/,
  );
});

test('a visitor sees and touches no job of another, by any procedure', async () => {
  const owner = studio.as();
  const other = studio.as();
  const { id } = await owner.demo.submit(submitted);
  const missing = { code: 'NOT_FOUND' };
  await expect(other.demo.get({ id })).rejects.toMatchObject(missing);
  await expect(other.demo.cancel({ id })).rejects.toMatchObject(missing);
  await expect(other.demo.remove({ id })).rejects.toMatchObject(missing);
  await expect(other.demo.queue({ id })).rejects.toMatchObject(missing);
  await expect(other.demo.submit({ ...submitted, parentId: id })).rejects.toMatchObject(missing);
  const stream = (await other.demo.events({ id })) as AsyncIterable<unknown>;
  await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject(missing);
  expect((await other.demo.list({})).items).toEqual([]);
  expect((await owner.demo.get({ id })).state).toBe('queued');
  await owner.demo.cancel({ id });
});

test('of many who claim one job at once, one gets it', async () => {
  const me = studio.as();
  const { id } = await me.demo.submit(submitted);
  const { pool } = studio.services.db;
  const claims = await Promise.all(Array.from({ length: 8 }, () => claimNext(pool, randomUUID())));
  expect(claims.filter(Boolean)).toMatchObject([{ id, attempts: 1, more: false }]);
  const seqs = await pool.query('SELECT seq FROM generation_event WHERE generation_id = $1 ORDER BY seq', [
    id,
  ]);
  expect(seqs.rows.map((row) => row.seq)).toEqual([1]);
  await moveState(pool, id, { from: ['running'], to: 'cancelled' });
});

test('one visitor’s batch comes after another’s first job', async () => {
  const [busy, calm] = [studio.as(), studio.as()];
  const batch = [];
  for (let i = 0; i < 3; i++) batch.push(await busy.demo.submit(submitted));
  const single = await calm.demo.submit(submitted);
  const at = async (who: typeof busy, job?: { id: string }) =>
    (await who.demo.queue({ id: job?.id ?? '' })).position;
  expect(
    await Promise.all([at(busy, batch[0]), at(calm, single), at(busy, batch[1]), at(busy, batch[2])]),
  ).toEqual([1, 2, 3, 4]);
  for (const job of batch) await busy.demo.cancel(job);
  await calm.demo.cancel(single);
});

test('at most twenty jobs of a visitor wait, however fast they come', async () => {
  const me = studio.as();
  const results = await Promise.allSettled(Array.from({ length: 25 }, () => me.demo.submit(submitted)));
  const refused = results.filter((r) => r.status === 'rejected');
  expect(refused).toHaveLength(5);
  expect(refused[0]?.reason).toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    message: expect.stringMatching(/the limit is 20/),
  });
  for (const result of results) if (result.status === 'fulfilled') await me.demo.cancel(result.value);
});

test('a queued job is cancelled at once, and cancelling again changes nothing', async () => {
  const me = studio.as();
  const { id } = await me.demo.submit(submitted);
  expect((await me.demo.cancel({ id })).state).toBe('cancelled');
  expect((await me.demo.cancel({ id })).state).toBe('cancelled');
  expect(await claimNext(studio.services.db.pool, randomUUID())).toBeNull();
});

test('lists newest first, page by page, and forgets what was removed', async () => {
  const me = studio.as();
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const { id } = await me.demo.submit(submitted);
    await expect(me.demo.remove({ id })).rejects.toMatchObject({ code: 'CONFLICT' });
    await me.demo.cancel({ id });
    ids.unshift(id);
    // Ids of one millisecond have no order.
    const now = Date.now();
    while (Date.now() === now);
  }
  const first = await me.demo.list({ limit: 3 });
  const second = await me.demo.list({ limit: 3, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map((job) => job.id)).toEqual(ids);
  expect(second.nextCursor).toBeNull();
  await me.demo.remove({ id: ids[0] ?? '' });
  expect((await me.demo.list({})).items.map((job) => job.id)).toEqual(ids.slice(1));
});

test('a stream that waits for many events leaves no listener on its signal', async () => {
  const id = randomUUID();
  const bell = studio.services.hub.subscribe(id);
  const { signal } = new AbortController();
  for (let seq = 0; seq < 3; seq++) {
    const rung = bell.next(signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await studio.services.db.pool.query('SELECT pg_notify($1, $2)', [eventChannel, `${id}:${seq}`]);
    await rung;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  }
  bell.close();
});
