import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { claimNext, moveState } from '../../server/demo/jobs/store';
import { addJob, ensureTicketIfWaiting } from '../../server/inference/queue/queue';
import { sweepJob } from '../../server/inference/queue/definition';
import { typescriptFlags } from '../../server/platform/processes/typescript';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** Whose turn it is, and that each job ends exactly once. */
let database: TestDatabase;
let studio: TestStudio;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url, { maxWaiting: 1000 });
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});
beforeEach(async () => {
  await studio.services.db.pool.query('DELETE FROM generation');
});

type Visitor = ReturnType<TestStudio['as']>;
const submit = async (who: Visitor, prompt = 'steps=0') =>
  (await who.demo.submit({ task: 'generate', prompt, width: 32, height: 32 })).id;
const batch = async (who: Visitor, count: number) => {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push(await submit(who));
  return ids;
};
const self = randomUUID();
/** Takes the next job and ends it. */
const serve = async () => {
  const job = await claimNext(studio.services.db.pool, self);
  if (job) await moveState(studio.services.db.pool, job.id, { from: ['running'], to: 'done', by: self });
  return job?.id;
};

test('a batch of twenty and others who come later are served in turns', async () => {
  const [busy, calm, late] = [studio.as(), studio.as(), studio.as()];
  const many = await batch(busy, 20);
  const few = await batch(calm, 3);
  const served = [await serve(), await serve()];
  const last = await batch(late, 2);
  for (let i = 0; i < 23; i++) served.push(await serve());
  expect(served).toEqual([
    ...[many[0], few[0], many[1], few[1], last[0], many[2], few[2], last[1]],
    ...many.slice(3),
  ]);
  expect(await serve()).toBeUndefined();
});

test('a batch goes on while another visitor submits one after the other for ever', async () => {
  const [busy, eager] = [studio.as(), studio.as()];
  const many = await batch(busy, 10);
  const served: boolean[] = [];
  let theirs = await submit(eager);
  while (served.filter(Boolean).length < 10) {
    const id = await serve();
    served.push(many.includes(id ?? ''));
    if (id === theirs) theirs = await submit(eager);
  }
  // Every other job at least is of the batch.
  expect(served.length).toBeLessThanOrEqual(20);
});

test('the position that is told is the place in the real order', async () => {
  const visitors = Array.from({ length: 4 }, () => studio.as());
  const told: { id: string; who: Visitor }[] = [];
  for (const [nth, who] of visitors.entries())
    for (const id of await batch(who, 1 + 2 * nth)) told.push({ id, who });
  await serve();
  const positions = new Map<string, number>();
  for (const { id, who } of told) positions.set(id, (await who.demo.queue({ id })).position);
  const order: (string | undefined)[] = [];
  for (let i = 1; i < told.length; i++) order.push(await serve());
  expect(order.map((id) => positions.get(id ?? ''))).toEqual(order.map((_, i) => i + 1));
});

test('a job that is put back is the next one again', async () => {
  const [busy, calm] = [studio.as(), studio.as()];
  const [first] = await batch(busy, 3);
  await submit(calm);
  const taken = await claimNext(studio.services.db.pool, self);
  expect(taken?.id).toBe(first);
  await submit(calm);
  await moveState(studio.services.db.pool, first ?? '', { from: ['running'], to: 'queued', by: self });
  expect(await serve()).toBe(first);
});

test('a queue that lost its ticket gets one again', async () => {
  const { pool } = studio.services.db;
  const me = studio.as();
  const id = await submit(me);
  await pool.query(`SELECT graphile_worker.complete_jobs(array_agg(id)) FROM graphile_worker.jobs`);
  const worker = await studio.worker();
  expect(await studio.reaches(id, 'done', 'failed')).toBe('done');
  await worker.stop();
  await pool.query(`SELECT graphile_worker.complete_jobs(array_agg(id)) FROM graphile_worker.jobs`);
  await ensureTicketIfWaiting(pool);
  const { rowCount } = await pool.query(`SELECT 1 FROM graphile_worker.jobs WHERE key = 'demo'`);
  expect(rowCount).toBe(0);
});

test('other work is done while visitors keep the demo busy', async () => {
  const { pool } = studio.services.db;
  const me = studio.as();
  const worker = await studio.worker({ sliceMs: 0 });
  await worker.modelSettled;
  const jobs: string[] = [];
  for (let i = 0; i < 30; i++) jobs.push(await submit(me, 'steps=4 delay=10'));
  await studio.reaches(jobs[0] ?? '', 'running', 'done');
  await addJob(pool, sweepJob, {}, { key: 'another', priority: 10_000 });
  // By the turn of the last of them it was done.
  await studio.reaches(jobs.at(-1) ?? '', 'running', 'done');
  const { rowCount } = await pool.query(`SELECT 1 FROM graphile_worker.jobs WHERE key = 'another'`);
  expect(rowCount).toBe(0);
  await worker.stop();
});

test('300 jobs, three workers, cancels and a killed worker: each job ends exactly once', async () => {
  const { db } = studio.services;
  const visitors = Array.from({ length: 10 }, () => studio.as());
  const own = await Promise.all([studio.worker(), studio.worker()]);
  await Promise.all(own.map((worker) => worker.modelSettled));
  const dying = fork(
    path.join(import.meta.dirname, '../support/stub-worker.ts'),
    [database.url, studio.home],
    { execArgv: typescriptFlags },
  );
  const jobs: { id: string; who: Visitor }[] = [];
  const until = async (state: string, by: string) => {
    for (;;) {
      const { rows } = await db.pool.query<{ id: string }>(
        `SELECT g.id FROM generation g JOIN worker_heartbeat w ON w.id = g.worker_id WHERE g.state::text = $1 AND ${by}`,
        [state],
      );
      if (rows[0]) return rows[0].id;
    }
  };
  for (let i = 0; i < 300; i++) {
    const who = visitors[(i * 7) % visitors.length] ?? studio.as();
    jobs.push({ id: await submit(who, i % 3 ? 'steps=2' : 'steps=3 delay=10'), who });
    // A fixed choice that looks like none, of those that wait and those that run.
    const old = jobs[(i * 31) % jobs.length];
    if (old && i % 9 === 4) await old.who.demo.cancel({ id: old.id });
  }
  // The third worker is killed in the middle of a job of its own.
  const stuck = studio.as();
  const blocking = await Promise.all([1, 2, 3].map(() => submit(stuck, 'steps=300 delay=10')));
  await until('running', `w.pid = ${dying.pid}`);
  const dead = once(dying, 'exit');
  dying.kill('SIGKILL');
  await dead;
  for (const id of blocking) await stuck.demo.cancel({ id });
  for (const { id } of jobs) await studio.reaches(id, 'done', 'failed', 'cancelled');
  for (const id of blocking) await studio.reaches(id, 'done', 'failed', 'cancelled');
  const { rows } = await db.pool.query<{ state: string; ends: number; gaps: boolean }>(
    `SELECT state::text AS state, count(e.seq) FILTER (WHERE e.data ->> 'type' = 'end')::int AS ends,
       max(e.seq) <> count(e.seq) AS gaps
     FROM generation g JOIN generation_event e ON e.generation_id = g.id GROUP BY g.id`,
  );
  expect(rows).toHaveLength(303);
  expect(rows.filter((row) => row.ends !== 1 || row.gaps || row.state === 'failed')).toEqual([]);
  await Promise.all(own.map((worker) => worker.stop()));
}, 90_000);
