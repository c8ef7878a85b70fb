import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { GenerationEventView } from '../../server/demo/schema';
import { sweepJob } from '../../server/inference/queue/definition';
import { addJob } from '../../server/inference/queue/queue';
import { reapDeadWorkers, takeBackForgotten, takeFromUnknown } from '../../server/worker/heartbeat';
import type { StudioWorker } from '../../server/worker/worker';
import { identityOf, machine } from '../../server/platform/processes/identity';
import { typescriptFlags } from '../../server/platform/processes/typescript';
import { readHealth } from '../../server/api/web/health';
import { tinyModel } from '../support/paths';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** A worker with a stub for a model: what the stub does stands in the prompt. */
let database: TestDatabase;
let studio: TestStudio;
let worker: StudioWorker;
let me: ReturnType<TestStudio['as']>;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  worker = await studio.worker();
  await worker.modelSettled;
  me = studio.as();
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const generate = (prompt: string) => me.demo.submit({ task: 'generate', prompt, width: 32, height: 32 });
interface Seen {
  seq: number;
  event: GenerationEventView;
}
/** The stream as a browser sees it; `stopAfter` events it goes away. */
async function watch(id: string, lastEventId?: string, stopAfter = Infinity): Promise<Seen[]> {
  const seen: Seen[] = [];
  const stream = (await me.demo.events({ id, lastEventId })) as AsyncIterable<
    [string, GenerationEventView, symbol]
  >;
  for await (const [seq, event] of stream) {
    seen.push({ seq: Number(seq), event });
    if (seen.length >= stopAfter) break;
  }
  return seen;
}

test('a job that its worker holds by its row alone runs again', async () => {
  const [first, lost] = [await generate('steps=4 delay=50'), await generate('steps=2')];
  // As after a claim whose answer was lost: committed, and nobody knows of it.
  await studio.services.db.pool.query(
    `UPDATE generation SET state = 'running', worker_id = $2, attempts = 1, started_at = now() WHERE id = $1`,
    [lost.id, worker.id],
  );
  await studio.reaches(first.id, 'done');
  expect(await studio.reaches(lost.id, 'done')).toBe('done');
});

test('two beats at once take no job from a worker that has just claimed it', async () => {
  const { db, log } = studio.services;
  await worker.stop();
  const { id } = await generate('steps=2');
  const workerId = randomUUID();
  await db.pool.query(
    `UPDATE generation SET state = 'running', worker_id = $2, attempts = 1, started_at = now() WHERE id = $1`,
    [id, workerId],
  );
  const beat = (before: ReadonlyMap<string, number>) =>
    takeBackForgotten(db, { log, workerId, inHand: [], before });
  const state = async () => (await me.demo.get({ id })).state;
  const found = await beat(new Map());
  expect([...found.keys()]).toEqual([id]);
  expect(await beat(found)).toEqual(found);
  expect(await state()).toBe('running');
  await beat(new Map([[id, performance.now() - 3000]]));
  expect(await state()).toBe('queued');
  worker = await studio.worker();
  expect(await studio.reaches(id, 'done', 'failed')).toBe('done');
});

test('a job runs, tells every step in order, and ends with its stored picture', async () => {
  const { id } = await generate('steps=4');
  const seen = await watch(id);
  expect(seen.map((s) => s.seq)).toEqual(seen.map((_, i) => i + 1));
  expect(seen.map((s) => s.event.type)).toEqual([
    ...['state', 'step', 'step', 'preview', 'step', 'step', 'preview', 'state', 'end'],
  ]);
  const last = seen.at(-1)?.event;
  const generation = last?.type === 'end' ? last.generation : undefined;
  expect(generation).toMatchObject({ state: 'done', picture: { width: 16, height: 16 }, error: null });
  const bytes = await studio.services.blobs.get(generation?.picture?.hash ?? '');
  expect(bytes?.subarray(1, 4).toString()).toBe('PNG');
});

test('an answer is streamed as tokens and stored', async () => {
  const { id } = await me.demo.submit({ task: 'understand', prompt: 'steps=3' });
  const seen = await watch(id);
  const text = seen.map((s) => (s.event.type === 'token' ? s.event.text : '')).join('');
  expect(text).toBe('word1 word2 word3 ');
  expect((await me.demo.get({ id })).text).toBe(text);
});

test('a stream that broke off resumes after the last event it saw, and a closed stream cancels nothing', async () => {
  const { id } = await generate('steps=20 delay=10');
  const before = await watch(id, undefined, 4);
  await studio.reaches(id, 'done');
  const after = await watch(id, String(before.at(-1)?.seq));
  expect([...before, ...after].map((s) => s.seq)).toEqual(
    Array.from({ length: before.length + after.length }, (_, i) => i + 1),
  );
  expect(after.at(-1)?.event).toMatchObject({ type: 'end', generation: { state: 'done' } });
  // Even when all was seen, or pruned, the end comes.
  await studio.services.db.prisma.generationEvent.deleteMany({ where: { generationId: id } });
  expect((await watch(id, '1')).map((s) => s.event.type)).toEqual(['end']);
});

test('a running job that is cancelled keeps its last preview', async () => {
  const { id } = await generate('steps=400 delay=10');
  await watch(id, undefined, 6);
  // The worker may have ended it already.
  expect((await me.demo.cancel({ id })).state).toMatch(/^cancell(ing|ed)$/);
  expect(await studio.reaches(id, 'cancelled', 'done', 'failed')).toBe('cancelled');
  expect(await me.demo.get({ id })).toMatchObject({ picture: { width: 8, height: 8 }, error: null });
});

test('a child that is killed is replaced and its job runs again, once', async () => {
  const { id } = await generate(`steps=3 crash-once=${path.join(studio.home, 'crashed')}`);
  const seen = await watch(id);
  expect(
    seen.filter((s) => s.event.type === 'state').map((s) => 'state' in s.event && s.event.state),
  ).toEqual([...['running', 'running', 'done']]);
});

test('an answer begun anew after a crash holds nothing of the first try', async () => {
  const prompt = `steps=3 crash-once=${path.join(studio.home, 'crashed-too')}`;
  const { id } = await me.demo.submit({ task: 'understand', prompt });
  await studio.reaches(id, 'done');
  expect((await me.demo.get({ id })).text).toBe('word1 word2 word3 ');
});

test('a job whose child dies twice fails with a reason, and the next one runs', async () => {
  const { id } = await generate('steps=3 crash-at=2');
  expect(await studio.reaches(id, 'failed', 'done')).toBe('failed');
  expect((await me.demo.get({ id })).error).toMatch(
    /ended twice during this job \(signal SIGKILL\)\. Try a smaller/,
  );
  const next = await generate('steps=1');
  expect(await studio.reaches(next.id, 'done', 'failed')).toBe('done');
});

test('a full disk fails the job with what to do, and the next one runs when there is room', async () => {
  let full = true;
  const fs = await import('node:fs/promises');
  const { diskBlobs } = await import('../../server/platform/blobs/disk');
  const blobs = diskBlobs(path.join(studio.home, 'blobs'), {
    ...fs,
    open: async (...args: Parameters<typeof fs.open>) => {
      if (full) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      return fs.open(...args);
    },
  });
  await worker.stop();
  worker = await studio.worker({ blobs });
  const { id } = await generate('steps=1 shade=17');
  expect(await studio.reaches(id, 'failed', 'done')).toBe('failed');
  expect((await me.demo.get({ id })).error).toMatch(/disk is full.*Free some space/i);
  const preview = await generate('steps=9 delay=10 shade=18');
  expect(await studio.reaches(preview.id, 'failed', 'done')).toBe('failed');
  full = false;
  const next = await generate('steps=2 shade=19');
  expect(await studio.reaches(next.id, 'done', 'failed')).toBe('done');
});

test('a worker that stops puts its job back, and another takes it', async () => {
  const { id } = await generate('steps=50 delay=20');
  await watch(id, undefined, 3);
  const begun = performance.now();
  await worker.stop();
  expect(performance.now() - begun).toBeLessThan(4000);
  expect((await me.demo.get({ id })).state).toBe('queued');
  worker = await studio.worker();
  expect(await studio.reaches(id, 'done', 'failed')).toBe('done');
  const { attempts } = await studio.services.db.prisma.generation.findUniqueOrThrow({ where: { id } });
  expect(attempts).toBe(1);
});

test('jobs of a dead worker run again elsewhere', async () => {
  await worker.stop();
  const dying = fork(
    path.join(import.meta.dirname, '../support/stub-worker.ts'),
    [database.url, studio.home],
    {
      execArgv: typescriptFlags,
    },
  );
  const { id } = await generate('steps=60 delay=20');
  await watch(id, undefined, 3);
  const dead = new Promise((resolve) => dying.once('exit', resolve));
  dying.kill('SIGKILL');
  await dead;
  worker = await studio.worker();
  expect(await studio.reaches(id, 'done', 'failed')).toBe('done');
  const row = await studio.services.db.prisma.generation.findUniqueOrThrow({ where: { id } });
  expect(row.attempts).toBe(2);
});

test('a worker on another host counts as dead when its beat is older than 15 s', async () => {
  const { db, log } = studio.services;
  const ids = await Promise.all(
    [14, 16].map(async (age) => {
      const { rows } = await db.pool.query<{ id: string }>(
        `INSERT INTO worker_heartbeat (id, hostname, pid, lock_ids, inference, beat_at)
         VALUES (gen_random_uuid(), 'elsewhere', 1, '{}', '{}', now() - make_interval(secs => $1)) RETURNING id`,
        [age],
      );
      return rows[0]?.id;
    }),
  );
  expect(await reapDeadWorkers(db, { log, self: worker.id, byAge: false })).toEqual([]);
  expect(await reapDeadWorkers(db, { log, self: worker.id, byAge: true })).toEqual([ids[1]]);
  await db.prisma.workerHeartbeat.delete({ where: { id: ids[0] } });
});

test('a worker is known by more than its number and the name of its host', async () => {
  const { db, log } = studio.services;
  const [, began = '', ...boot] = identityOf(process.pid).split(' ');
  const add = async (machine: string | null, known: string | null) => {
    const { rows } = await db.pool.query<{ id: string }>(
      `INSERT INTO worker_heartbeat (id, hostname, pid, machine, process, lock_ids, inference)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, '{}', '{}') RETURNING id`,
      [hostname(), 99_999_999, machine, known],
    );
    return rows[0]?.id ?? '';
  };
  const living = await add(machine(), identityOf(process.pid));
  const replaced = await add(machine(), [process.pid, `${began}1`, ...boot].join(' '));
  const sameName = await add('another machine', '99999999 1');
  const earlierVersion = await add(null, null);
  expect(await reapDeadWorkers(db, { log, self: worker.id, byAge: false })).toEqual([replaced]);
  await db.prisma.workerHeartbeat.deleteMany({ where: { id: { in: [living, sameName, earlierVersion] } } });
});

test('what a worker held that was killed before its first beat runs again', async () => {
  const { db, log } = studio.services;
  await worker.stop();
  const { id } = await generate('steps=1');
  const heldSince = (seconds: number) =>
    db.pool.query(
      `UPDATE generation SET state = 'running', attempts = 1, worker_id = gen_random_uuid(),
         started_at = now() - make_interval(secs => $2) WHERE id = $1`,
      [id, seconds],
    );
  await addJob(db.pool, sweepJob, {}, { key: 'held' });
  await db.pool.query(
    `UPDATE graphile_worker._private_jobs SET locked_by = 'nobody', locked_at = now() - interval '16 s' WHERE key = 'held'`,
  );
  await heldSince(14);
  expect(await takeFromUnknown(db, log)).toBe(0);
  await heldSince(16);
  expect(await takeFromUnknown(db, log)).toBe(1);
  const { rows } = await db.pool.query(`SELECT locked_by FROM graphile_worker.jobs WHERE key = 'held'`);
  expect(rows).toEqual([{ locked_by: null }]);
  worker = await studio.worker();
  expect(await studio.reaches(id, 'done', 'failed')).toBe('done');
});

test('a job given up by three workers fails with a reason', async () => {
  await worker.stop();
  const { id } = await generate('steps=1');
  await studio.services.db.prisma.generation.update({ where: { id }, data: { attempts: 3 } });
  worker = await studio.worker();
  expect(await studio.reaches(id, 'done', 'failed')).toBe('failed');
  expect((await me.demo.get({ id })).error).toMatch(/started 3 times/);
});

test('a model file altered while it runs: the next load says so, in the job and in health', async () => {
  const { cp, appendFile } = await import('node:fs/promises');
  const modelDir = path.join(studio.home, 'altered-model');
  await cp(tinyModel, modelDir, { recursive: true });
  await appendFile(path.join(modelDir, 'vision_head.onnx'), 'x');
  await worker.stop();
  worker = await studio.worker({ modelDir, childEntry: undefined });
  await worker.modelSettled;
  await expect
    .poll(async () => (await readHealth(studio.services)).devices.message, { timeout: 5000 })
    .toMatch(/vision_head\.onnx has \d+ bytes; the manifest says/);
  expect((await readHealth(studio.services)).ok).toBe(false);
  const { id } = await generate('apples');
  expect(await studio.reaches(id, 'failed', 'done')).toBe('failed');
  expect((await me.demo.get({ id })).error).toMatch(/vision_head\.onnx .*Restore the file/);
});
