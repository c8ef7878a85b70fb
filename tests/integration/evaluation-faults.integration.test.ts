import { fork, type ChildProcess } from 'node:child_process';
import * as nodeFs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Random } from '../../models/scenes/random';
import { diskBlobs } from '../../server/platform/blobs/disk';
import { resumeRun } from '../../server/evaluation/control';
import type { Revision } from '../../server/evaluation/revisions';
import { typescriptFlags } from '../../server/platform/processes/typescript';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { evaluationOf, firstEdits, openQuestions } from '../support/evaluation';
import { createStudio, type TestStudio } from '../support/studio';

/** Workers that die, and disks that are full. */
let database: TestDatabase;
let studio: TestStudio;
let runs: ReturnType<typeof evaluationOf>;
let stub: Revision;
const started: ChildProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  runs = evaluationOf(database.url, studio);
  await runs.ready;
  stub = await runs.stub();
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await runs.close();
  await studio.close();
  await database.drop();
});

/** A worker process of its own, to be killed. */
function startProcess(): ChildProcess {
  const child = fork(
    path.join(import.meta.dirname, '../support/stub-worker.ts'),
    [database.url, studio.home],
    {
      execArgv: typescriptFlags,
      stdio: 'ignore',
    },
  );
  started.push(child);
  return child;
}

const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.once('exit', () => resolve()));

const samples = (id: string) => database.db.prisma.sample.count({ where: { runId: id } });

async function moreSamples(id: string, than: number, most: number): Promise<void> {
  while ((await samples(id)) <= than && (await samples(id)) < most) await wait(10);
}

test('a run whose worker is killed four times has exactly the samples and scores of an undisturbed one', async () => {
  const calm = await studio.worker();
  const undisturbed = await runs.start('synthetic-edits', firstEdits(20), { revision: stub, repeats: 2 });
  await runs.reaches(undisturbed, 'done');
  await calm.stop();

  const random = new Random(7);
  const id = await runs.start('synthetic-edits', firstEdits(20), {
    revision: stub,
    repeats: 2,
    cache: false,
  });
  for (let kills = 0; kills < 4; kills++) {
    const worker = startProcess();
    const before = await samples(id);
    await moreSamples(id, before, 40);
    // Anywhere between two samples: while one is made, stored or scored.
    await wait(random.int(40));
    worker.kill('SIGKILL');
    await ended(worker);
  }
  const lost = await samples(id);
  expect(lost).toBeGreaterThan(0);
  startProcess();
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ expected: 40, scored: 40, missing: 0, generated: 0, cached: 0 });
  expect(await runs.outcome(id)).toEqual(await runs.outcome(undisturbed));
  const { aggregates, fingerprint } = await runs.reaches(undisturbed, 'done');
  expect(report.aggregates).toEqual(aggregates);
  expect(report.fingerprint).toEqual(fingerprint);
}, 300_000);

test('all workers take part in a run', async () => {
  const two = await Promise.all([studio.worker(), studio.worker()]);
  await Promise.all(two.map(({ modelSettled }) => modelSettled));
  const slow = (i: number) => `delay=30 steps=2 n=${i}`;
  const id = await runs.start('synthetic-mmmu', openQuestions(48, slow), { revision: stub, cache: false });
  await runs.reaches(id, 'done');
  const by = await database.db.prisma.sample.groupBy({
    by: ['workerId'],
    where: { runId: id },
    _count: true,
  });
  expect(by.map(({ workerId }) => workerId).sort()).toEqual(
    expect.arrayContaining(two.map((w) => w.id).sort()),
  );
  await Promise.all(two.map((worker) => worker.stop()));
});

test('a worker that is stopped puts its batch back', async () => {
  const first = await studio.worker();
  const slow = (i: number) => `delay=50 steps=2 n=${i}`;
  const id = await runs.start('synthetic-mmmu', openQuestions(16, slow), { revision: stub, cache: false });
  await moreSamples(id, 0, 16);
  for (const child of started) child.kill('SIGKILL');
  await Promise.all(started.map(ended));
  await first.stop();
  const before = await samples(id);
  const second = await studio.worker();
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ scored: 16, failed: 0 });
  expect(before).toBeLessThan(16);
  await second.stop();
});

test('on a full disk the run pauses and says so, and goes on when there is room', async () => {
  let full = true;
  const fs = {
    ...nodeFs,
    open: (async (...args: Parameters<typeof nodeFs.open>) => {
      if (full) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      return nodeFs.open(...args);
    }) as typeof nodeFs.open,
  };
  const worker = await studio.worker({ blobs: diskBlobs(path.join(studio.home, 'blobs'), fs) });
  const id = await runs.start('synthetic-edits', firstEdits(3), {
    revision: stub,
    cache: false,
    settings: { seed: 4242 },
  });
  const paused = await runs.reaches(id, 'paused');
  expect(paused.reason).toMatch(/^The disk is full/);
  expect(paused.counts).toMatchObject({ failed: 0, unscored: 0, missing: 3 });
  full = false;
  await resumeRun(studio.services, id);
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ scored: 3 });
  expect(report.reason).toBeNull();
  await worker.stop();
});

test('a model whose process dies of one item loses that item alone', async () => {
  const worker = await studio.worker();
  const deadly = (i: number) => (i === 2 ? 'steps=4 crash-at=2 now' : `n=${i}`);
  const id = await runs.start('synthetic-mmmu', openQuestions(6, deadly), { revision: stub, cache: false });
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ scored: 5, failed: 1 });
  expect(Object.keys(report.problems)[0]).toMatch(/ended twice during this job/);
  await worker.stop();
});

test('a model that cannot be had ends the run with the reason', async () => {
  const worker = await studio.worker();
  const { id: modelId } = await database.db.prisma.model.findFirstOrThrow();
  const row = await database.db.prisma.modelRevision.create({
    data: {
      modelId,
      manifestHash: 'c'.repeat(64),
      version: '9',
      manifest: stub.manifest as object,
      activatedAt: null,
    },
  });
  const gone: Revision = { ...stub, id: row.id, hash: 'c'.repeat(64), location: '/nowhere/at/all' };
  await database.db.prisma.modelRevision.update({ where: { id: row.id }, data: { location: gone.location } });
  const id = await runs.start('synthetic-mmmu', openQuestions(3), { revision: gone });
  const report = await runs.reaches(id, 'failed');
  expect(report.reason).toMatch(/doesn’t have the model .*\/nowhere\/at\/all/);
  await worker.stop();
});
