import { hostname } from 'node:os';
import PQueue from 'p-queue';
import { UnderTestError } from '../../eval/under-test/types';
import { CancelledError, inspectImage } from '../../models/runtime';
import { storePicture } from '../platform/blobs/pictures';
import type { BlobStore } from '../platform/blobs/store';
import type { Db } from '../platform/db/client';
import { foreseen, oneLine, StudioError } from '../platform/errors/errors';
import type { InferenceDevice } from '../inference/device';
import { liveWorkers } from '../inference/health';
import { batchJob, evaluationPriority, finishJob } from '../inference/queue/definition';
import { addJob } from '../inference/queue/queue';
import { untilReached } from '../inference/queue/retry';
import type { Logger } from '../platform/log/log';
import { batchKey, type Batch } from '../evaluation/batch-key';
import { cacheKeyOf } from '../evaluation/cache';
import { readItems, type StoredItem } from '../evaluation/dataset-store';
import type { Measurers } from '../evaluation/measurers';
import type { OpenModel, UnderTestPool } from '../evaluation/models';
import { remakePicture } from './remake-handler';
import { readRevision, type Revision } from '../evaluation/revisions';
import {
  addRequests,
  moveRun,
  noteWorker,
  readRun,
  sampleCount,
  stateOf,
  type Run,
} from '../evaluation/run-store';
import {
  cachedOutput,
  countSamples,
  insertSample,
  outputOfRun,
  samplesOf,
  scoreSample,
  type SampleKey,
  type SampleOutput,
  type SampleRow,
} from '../evaluation/sample-store';

export interface BatchDeps {
  db: Db;
  blobs: BlobStore;
  device: InferenceDevice;
  models: UnderTestPool;
  measurers: Measurers;
  log: Logger;
  workerId: string;
  /** Runs in hand, so that a wish to cancel finds them. */
  inHand: Map<string, AbortController>;
  /** Aborts when the worker stops: its batch goes back to the queue. */
  stopping: AbortSignal;
  /** After so long a batch lets others go first, such as a visitor of the demo. */
  sliceMs?: number;
}

/** What is left of a batch is to be tried later, by whoever comes. */
class Later extends Error {
  constructor(readonly afterSeconds: number) {
    super('later');
  }
}

/**
 * Makes and scores some samples of a run. Safe to repeat: what is there is not made again. A sample that cannot be made
 * or measured is marked and the others go on; what concerns all of them alike ends or pauses the run, and says why.
 */
export async function runBatch(deps: BatchDeps, batch: Batch): Promise<void> {
  const { db, stopping, inHand, log } = deps;
  const { runId } = batch;
  const controller = new AbortController();
  const stop = () => controller.abort();
  inHand.set(runId, controller);
  stopping.addEventListener('abort', stop, { once: true });
  const reach = <T>(work: () => Promise<T>) => untilReached(work, stopping);
  try {
    const run = await reach(() => readRun(db, runId));
    if (run?.state !== 'running') return;
    await workOn(deps, run, batch, controller.signal);
    const { missing, generated } = await reach(() => countSamples(db, runId, sampleCount(run)));
    if (missing === 0 && (generated === 0 || run.benchmark.measure === null))
      await reach(() => addJob(db.pool, finishJob, { runId }, { key: runId, priority: evaluationPriority }));
  } catch (error) {
    if (stopping.aborted || error instanceof Later) {
      const afterSeconds = error instanceof Later ? error.afterSeconds : 0;
      return await addJob(db.pool, batchJob, batch, {
        key: batchKey(batch),
        priority: evaluationPriority,
        afterSeconds,
      });
    }
    // Cancelled: the run has ended already.
    if (controller.signal.aborted) return;
    await reach(() => endOrPause(deps, runId, error));
    if (!knownOf(error)) log.error({ err: error, runId }, 'run failed');
  } finally {
    stopping.removeEventListener('abort', stop);
    if (inHand.get(runId) === controller) inHand.delete(runId);
  }
}

async function endOrPause({ db }: BatchDeps, runId: string, error: unknown): Promise<void> {
  const known = knownOf(error);
  const reason = known ? oneLine(known) : 'Something went wrong in the worker; see its log.';
  // What an administrator can put right, such as a full disk, need not cost the run.
  const passing =
    known instanceof UnderTestError
      ? known.failure === 'limit'
      : known?.code === 'DISK_FULL' || known?.code === 'NOT_WRITABLE';
  await moveRun(db.pool, runId, { from: ['running'], to: passing ? 'paused' : 'failed', reason });
}

const knownOf = (error: unknown) => (error instanceof UnderTestError ? error : foreseen(error));

async function workOn(deps: BatchDeps, run: Run, batch: Batch, signal: AbortSignal): Promise<void> {
  const { db, stopping, sliceMs = 2000 } = deps;
  const reach = <T>(work: () => Promise<T>) => untilReached(work, stopping);
  const places = Array.from({ length: batch.to - batch.from }, (_, i) => batch.from + i).map((k) => ({
    position: run.positions[Math.floor(k / run.repeats)],
    repeat: k % run.repeats,
  }));
  const positions = [...new Set(places.flatMap(({ position }) => position ?? []))];
  const items = await reach(() => readItems(deps, run.versionId, positions));
  const there = await reach(() =>
    samplesOf(
      db,
      run.id,
      items.map(({ id }) => id),
    ),
  );
  const todo = places.flatMap(({ position, repeat }) => {
    const item = items.find((one) => one.position === position);
    const sample = there.find((one) => one.itemId === item?.id && one.repeat === repeat);
    const done = sample && (sample.state !== 'generated' || run.benchmark.measure === null);
    return !item || done ? [] : [{ item, repeat, sample }];
  });
  if (todo.length === 0) return;
  const revision = await reach(() => readRevision(db, run.revisionId));
  const open = await openModel(deps, run, revision);
  await reach(() =>
    noteWorker(db, run.id, {
      host: hostname(),
      device: revision.kind === 'directory' ? deviceOf(deps) : 'none',
    }),
  );
  const until = performance.now() + sliceMs;
  const queue = new PQueue({ concurrency: open?.concurrency ?? 1 });
  let told = open?.requestsSent?.() ?? 0;
  /** After each sample, so that other workers and the time after a kill know of it. */
  const tellRequests = async () => {
    const sent = open?.requestsSent?.() ?? 0;
    const more = sent - told;
    told = sent;
    if (more > 0) await reach(() => addRequests(db, run.id, more));
  };
  let left = false;
  const failures: unknown[] = [];
  await Promise.all(
    todo.map((one) =>
      queue.add(async () => {
        if (failures.length > 0 || left) return;
        try {
          if (performance.now() > until) left = true;
          else if ((await reach(() => stateOf(db, run.id))) === 'running')
            await makeSample(deps, { run, revision, open, signal }, one);
        } catch (error) {
          failures.push(error);
        }
        await tellRequests().catch((error: unknown) => failures.push(error));
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  if (left) throw new Later(0);
}

const deviceOf = ({ device }: BatchDeps) => device.health().device;

/** Null where outputs come from another run. */
async function openModel(deps: BatchDeps, run: Run, revision: Revision): Promise<OpenModel | null> {
  if (run.sourceId !== null) return null;
  try {
    return await deps.models.open(revision, run);
  } catch (error) {
    const unavailable = error instanceof UnderTestError && error.failure === 'unavailable';
    const others = unavailable ? await liveWorkers(deps.db) : [];
    // Another worker has the model: this one leaves the batch to it.
    if (others.some(({ id, inference }) => id !== deps.workerId && inference.hash === revision.hash))
      throw new Later(1);
    throw error;
  }
}

interface Making {
  run: Run;
  revision: Revision;
  open: OpenModel | null;
  signal: AbortSignal;
}

async function makeSample(
  deps: BatchDeps,
  making: Making,
  { item, repeat, sample }: { item: StoredItem; repeat: number; sample?: SampleRow },
): Promise<void> {
  const { db, stopping, measurers } = deps;
  const { run, signal } = making;
  const reach = <T>(work: () => Promise<T>) => untilReached(work, stopping);
  let id = sample?.id ?? null;
  let { pictureHash = null, text = null }: Partial<Pick<SampleRow, 'pictureHash' | 'text'>> = sample ?? {};
  if (!sample) {
    const key = { runId: run.id, itemId: item.id, repeat };
    const { output, cacheKey } = await outputFor(deps, making, key, item);
    id = await reach(() => insertSample(db, key, output, { workerId: deps.workerId, cacheKey }));
    if ('error' in output) return;
    pictureHash = 'pictureHash' in output ? output.pictureHash : null;
    text = 'text' in output ? output.text : null;
  }
  // Null: somebody else made it, or the run has ended.
  if (id === null || run.benchmark.measure === null) return;
  const sampleId = id;
  const output = pictureHash === null ? text : await outputBytes(deps, pictureHash);
  const measured = await measure(measurers, run, item, output, signal);
  await reach(() => scoreSample(db, run.benchmark, sampleId, measured));
}

/** Scoring a recorded run again is the first time that its pictures are wanted here. */
async function outputBytes(deps: BatchDeps, hash: string): Promise<Buffer | null> {
  const bytes = await deps.blobs.get(hash);
  if (bytes) return bytes;
  await remakePicture(deps, hash);
  return deps.blobs.get(hash);
}

async function measure(
  measurers: Measurers,
  { benchmark, settings, evaluators }: Run,
  { id: _, hashes: __, position: ___, ...item }: StoredItem,
  output: Buffer | string | null,
  signal: AbortSignal,
) {
  if (output === null) return { unmeasurable: 'Its image is not in the blob store.' };
  const child = await measurers.for(evaluators);
  try {
    return await child.run({ benchmark: benchmark.name, settings, item, output }, { signal });
  } catch (error) {
    // The child died of this picture twice: the next may be measured all the same.
    if (error instanceof StudioError && error.code === 'INFERENCE_CRASHED')
      return { unmeasurable: oneLine(error) };
    if (error instanceof CancelledError || error instanceof StudioError) throw error;
    throw new StudioError('MODEL_INVALID', `An evaluator failed: ${oneLine(error)}`, { cause: error });
  }
}

/** From the run whose outputs are scored again, from an earlier run of the same request, or from the model. */
async function outputFor(
  deps: BatchDeps,
  { run, revision, open, signal }: Making,
  key: SampleKey,
  item: StoredItem,
): Promise<{ output: SampleOutput; cacheKey: string | null }> {
  const { db, stopping } = deps;
  const reach = <T>(work: () => Promise<T>) => untilReached(work, stopping);
  const { sourceId, benchmark, settings, cache } = run;
  if (sourceId !== null) {
    const output = await reach(() => outputOfRun(db, { ...key, runId: sourceId }));
    return {
      output: output ?? { error: 'The run being rescored has no output for this item.' },
      cacheKey: null,
    };
  }
  const request = benchmark.request(item, settings, key.repeat);
  const cacheKey = cacheKeyOf(
    revision.hash,
    request,
    request.task === 'understand' ? item.hashes.slice(0, request.images.length) : item.hashes.slice(0, 1),
    settings,
  );
  const known = cache ? await reach(() => cachedOutput(db, cacheKey)) : null;
  // A picture that was lost from the store is made again.
  if (known && (!('pictureHash' in known) || (await deps.blobs.has(known.pictureHash))))
    return { output: known, cacheKey };
  try {
    const made = await open!.model.run(request, { signal });
    const { latencyMs } = made;
    if ((made.kind === 'text') !== (benchmark.task === 'understand'))
      return {
        output: {
          error: `The model returned ${made.kind === 'text' ? 'text instead of an image' : 'an image instead of text'}.`,
        },
        cacheKey,
      };
    if (made.kind === 'text') return { output: { text: made.text, latencyMs }, cacheKey };
    const { format, width, height } = await inspectImage(Buffer.from(made.bytes));
    const info = { mediaType: `image/${format}`, width, height };
    const { hash } = await reach(() => storePicture(deps, made.bytes, info));
    return { output: { pictureHash: hash, latencyMs }, cacheKey };
  } catch (error) {
    if (error instanceof UnderTestError && error.failure === 'item')
      return { output: { error: oneLine(error) }, cacheKey: null };
    throw error;
  }
}
