/** A studio for runs of a stub: a built-in PostgreSQL in a temporary folder, worker processes, runs. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { benchmarkOf } from '../../../eval/benchmarks';
import { SYNTHETIC_TABLE } from '../../../eval/benchmarks/mmmu/synthetic';
import type { Dataset, MmmuQuestion } from '../../../eval/datasets/types';
import { encodePng, loadManifest } from '../../../models/runtime';
import { openBlobs } from '../../../server/platform/blobs/open';
import type { BlobStore } from '../../../server/platform/blobs/store';
import { createDb, type Db } from '../../../server/platform/db/client';
import { migrate } from '../../../server/platform/db/migrate';
import { storeDataset, type StoredVersion } from '../../../server/evaluation/dataset-store';
import { readRevision, type Revision } from '../../../server/evaluation/revisions';
import { countSamples } from '../../../server/evaluation/sample-store';
import { stateOf } from '../../../server/evaluation/run-store';
import { startRun } from '../../../server/evaluation/service';
import { liveWorkers } from '../../../server/inference/health';
import { activateRevision } from '../../../server/inference/registry';
import { startPostgres } from '../../../server/start/postgres';
import { typescriptFlags } from '../../../server/platform/processes/typescript';
import { migrationsFolder } from '../../support/database';
import { tinyModel } from '../../support/paths';
import type { Memory } from './worker';

const benchmark = await benchmarkOf('synthetic-mmmu');
const workerEntry = path.join(import.meta.dirname, 'worker.ts');

export interface BenchStudio {
  db: Db;
  /** Stores as many questions. */
  questions(count: number): Promise<StoredVersion>;
  /** Starts a worker process and waits until its stub is loaded. */
  worker(env?: Record<string, string>): Promise<ChildProcess>;
  /** Starts a run of the stub over all questions, or the first `limit`; nothing is taken from earlier runs. */
  start(version: StoredVersion, limit?: number): Promise<string>;
  /**
   * Waits until a run has ended.
   * @param onProgress called at each look with the samples that are there
   * @returns seconds from `began` (performance.now())
   * @throws Error unless it is done, with every sample made
   */
  ended(
    id: string,
    expected: number,
    options: { began: number; everyMs: number; onProgress?: (made: number) => void | Promise<void> },
  ): Promise<number>;
}

/** Fsync and the like are as in the product: a worker waits for its writes here as it does there. */
export async function withStudio<T>(work: (studio: BenchStudio) => Promise<T>): Promise<T> {
  const home = await mkdtemp(path.join(tmpdir(), 'bench-studio-'));
  const children: ChildProcess[] = [];
  const postgres = await startPostgres({
    home,
    database: 'bench_test',
    logFile: path.join(home, 'database.log'),
  });
  try {
    await migrate(postgres.url, migrationsFolder);
    const db = createDb(postgres.url);
    try {
      return await work(await studioOn(db, postgres.url, home, children));
    } finally {
      await Promise.all(children.map(end));
      await db.close();
    }
  } finally {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function studioOn(db: Db, url: string, home: string, children: ChildProcess[]): Promise<BenchStudio> {
  const blobs = openBlobs(home);
  const { manifest } = await loadManifest(tinyModel);
  // The hash that the stub says it has.
  const revision = await readRevision(db, await activateRevision(db, { manifest, hash: 'a'.repeat(64) }));
  return {
    db,
    questions: (count) => storeDataset({ db, blobs }, benchmark, questionSet(count)),
    worker: async (env = {}) => {
      const child = fork(workerEntry, [url, home], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: [...typescriptFlags, '--expose-gc'],
        env: { ...process.env, ...env },
      });
      children.push(child);
      for (let tries = 0; tries < 600; tries++) {
        if (child.exitCode !== null) break;
        const ready = (await liveWorkers(db)).filter(({ inference }) => inference.state === 'ready');
        if (ready.length >= children.length) return child;
        await wait(100);
      }
      throw new Error('A worker did not come up.');
    },
    start: (version, limit) => begin(db, blobs, revision, version, limit),
    ended: async (id, expected, { began, everyMs, onProgress }) => {
      for (;;) {
        const state = await stateOf(db, id);
        const counts = await countSamples(db, id, expected);
        await onProgress?.(expected - counts.missing);
        if (state === 'running') {
          await wait(everyMs);
          continue;
        }
        const seconds = (performance.now() - began) / 1000;
        if (state !== 'done' || counts.missing + counts.failed > 0)
          throw new Error(`The run is ${state} with ${counts.missing} missing and ${counts.failed} failed.`);
        return seconds;
      }
    },
  };
}

const begin = (db: Db, blobs: BlobStore, revision: Revision, version: StoredVersion, limit?: number) =>
  startRun({ db, blobs }, { benchmark, version, revision, settings: {}, subset: { limit }, cache: false });

/**
 * Bytes of a worker process.
 * @param collect whether to collect garbage after the resident memory was read, so that `live` counts live objects only
 */
export async function memoryOf(worker: ChildProcess, collect: boolean): Promise<Memory> {
  const answer = once(worker, 'message') as Promise<[Memory]>;
  worker.send(collect);
  return (await answer)[0];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** Questions in MMMU's format made on the fly, each with a small picture; every fourth is open. */
function questionSet(count: number): Dataset<MmmuQuestion> {
  const subjects = SYNTHETIC_TABLE.subjects;
  return {
    size: count,
    problems: [],
    async *items() {
      for (let i = 0; i < count; i++) {
        const question = `How many dots has plate ${i}? <image 1>`;
        const data: MmmuQuestion =
          i % 4 === 3
            ? { question, kind: 'open', options: [], answer: String(i % 10) }
            : { question, kind: 'multiple-choice', options: ['none', 'two', 'five', 'nine'], answer: 'B' };
        yield {
          key: `bench_${i}`,
          group: subjects[i % subjects.length]!,
          data,
          pictures: [{ name: 'image_1', bytes: await plate(i % 256) }],
        };
      }
    },
  };
}

/** A grey square of 64 × 64. */
const plate = (shade: number): Promise<Buffer> =>
  encodePng({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(shade) });
