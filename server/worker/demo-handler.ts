import { CancelledError, RuntimeError } from '../../models/runtime/errors';
import { decodeImage } from '../../models/runtime/image/decode';
import { encodePng } from '../../models/runtime/image/encode';
import { withPngSettings, type PictureSettings } from '../../models/runtime/image/png-settings';
import type { InferenceRequest, InferenceResult } from '../../models/runtime/types';
import { storePicture } from '../platform/blobs/pictures';
import type { BlobStore } from '../platform/blobs/store';
import type { Db } from '../platform/db/client';
import { claimNext, moveState, type ClaimedJob, type Outcome } from '../demo/jobs/store';
import { foreseen, isConnectionError, oneLine, StudioError } from '../platform/errors/errors';
import type { InferenceDevice } from '../inference/device';
import type { Logger } from '../platform/log/log';
import type { Recorder } from '../demo/estimates/record';
import { progressWriter } from './progress';
import { ensureTicket, ensureTicketIfWaiting, othersWait } from '../inference/queue/queue';
import { untilReached } from '../inference/queue/retry';

export interface DemoHandlerDeps {
  db: Db;
  blobs: BlobStore;
  device: InferenceDevice;
  log: Logger;
  workerId: string;
  /** Generations in hand, so that a wish to cancel finds them. */
  inHand: Map<string, AbortController>;
  /** Those whose cancelling was wished for when they were not in hand yet. */
  wishes: { delete(id: string): boolean };
  /** Aborts when the worker stops: its jobs go back to the queue. */
  stopping: AbortSignal;
  recorder: Recorder;
  /** Makes the worker pass over tickets at its next choice. */
  letOthersFirst: () => void;
  sliceMs?: number;
}

/** So often may a job be taken, by workers that died or were stopped, before it is given up. */
export const maxAttempts = 3;
/** A preview every so many denoising steps. */
const previewEvery = 2;
const mine = ['running', 'cancelling'] as const;

/** After so long at the demo's queue a worker lets one other job go first, if one waits. */
const defaultSliceMs = 30_000;

/**
 * Works on the demo's queue: takes the job that is next, runs it to its end, takes the next. Returns when nothing waits,
 * when the worker stops, or when others have waited long enough. Safe to be called by any number of workers at once.
 */
export async function runTicket(deps: DemoHandlerDeps): Promise<void> {
  const { db, stopping, sliceMs = defaultSliceMs } = deps;
  const until = performance.now() + sliceMs;
  let shared = false;
  while (!stopping.aborted) {
    const job = await claim(deps);
    if (!job) return;
    // Once a ticket: whoever takes the next one does the same, until all workers are at it.
    if (job.more && !shared) await ensureTicket(db.pool).catch((error: unknown) => ignoreLost(error));
    shared ||= job.more;
    await runDemoJob(deps, job);
    if (performance.now() > until && (await untilReached(() => othersWait(db.pool), stopping))) {
      deps.letOthersFirst();
      break;
    }
  }
  await ensureTicketIfWaiting(db.pool);
}

/** A ticket that could not be issued is missed by nobody for long: the next heartbeat makes up for it. */
function ignoreLost(error: unknown): void {
  if (!isConnectionError(error)) throw error;
}

/** Takes the next job and puts it in hand, so that a wish to cancel it is heard from the first moment. */
async function claim(deps: DemoHandlerDeps): Promise<ClaimedJob | null> {
  const { db, workerId, inHand, stopping } = deps;
  let lost = false;
  const job = await untilReached(async () => {
    // The connection broke while a claim was under way: it may have succeeded all the same.
    if (lost) await letGo(deps);
    lost = true;
    return claimNext(db.pool, workerId);
  }, stopping).catch((error: unknown) => {
    if (stopping.aborted && isConnectionError(error)) return null;
    throw error;
  });
  if (job) inHand.set(job.id, new AbortController());
  return job;
}

/** Puts back what this worker holds without knowing it. */
async function letGo({ db, workerId, inHand }: DemoHandlerDeps): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM generation WHERE worker_id = $1 AND state IN ('running', 'cancelling') AND id <> ALL($2::uuid[])`,
    [workerId, [...inHand.keys()]],
  );
  for (const { id } of rows) await putBack(db, id, workerId);
}

/** Runs a job that this worker holds to its end state; nothing is written once it is another's. */
async function runDemoJob(deps: DemoHandlerDeps, job: ClaimedJob): Promise<void> {
  const { db, device, workerId, inHand, wishes, stopping, log } = deps;
  const { id } = job;
  const controller = inHand.get(id) ?? new AbortController();
  const stop = () => controller.abort();
  const begun = performance.now();
  // Loads and repeats are not what a job takes.
  let measurable = device.health().state === 'ready';
  const finish = (to: 'done' | 'failed' | 'cancelled', outcome: Outcome) =>
    untilReached(() => moveState(db.pool, id, { from: [...mine], to, by: workerId, outcome }), stopping);
  stopping.addEventListener('abort', stop, { once: true });
  // The wish may have come between the claim and its answer.
  const cancelled = wishes.delete(id);
  try {
    if (job.attempts > maxAttempts) {
      const error = `The job was started ${maxAttempts} times, and its worker ended each time. Try a smaller image or fewer steps.`;
      return void (await finish('failed', { error, errorCode: 'INFERENCE_CRASHED' }));
    }
    const progress = progressWriter(deps, { id, workerId }, { signal: stopping, onLost: stop });
    try {
      if (cancelled) throw new CancelledError();
      const result = await device.run(await requestOf(deps, job), {
        signal: controller.signal,
        previewEvery,
        onEvent: progress.add,
        onRestart: () => {
          measurable = false;
          progress.restart();
          progress.addStored({ type: 'state', state: 'running' });
        },
      });
      await progress.flushed();
      await finish('done', await outcomeOf(deps, job, result));
      if (measurable) deps.recorder.job(job, result, device.health(), performance.now() - begun);
    } catch (error) {
      if (stopping.aborted) return await putBack(db, id, workerId);
      await progress.flushed().catch((lost: unknown) => {
        // A cancel that came of a failed write is that failure.
        if (error instanceof CancelledError) throw lost;
      });
      if (error instanceof CancelledError)
        return void (await finish('cancelled', { pictureHash: progress.lastPreview()?.hash ?? null }));
      throw error;
    }
  } catch (error) {
    if (stopping.aborted) return await putBack(db, id, workerId);
    if (!isForeseen(error)) log.error({ err: error, generationId: id }, 'job failed');
    // False when another worker holds the job: then it is that worker's to end.
    await finish('failed', reasonOf(error));
  } finally {
    stopping.removeEventListener('abort', stop);
    inHand.delete(id);
  }
}

/** The worker stops: its job waits again, first in line, unless its visitor wanted it cancelled. */
async function putBack(db: Db, id: string, workerId: string): Promise<void> {
  if (await moveState(db.pool, id, { from: ['cancelling'], to: 'cancelled', by: workerId })) return;
  if (await moveState(db.pool, id, { from: ['running'], to: 'queued', by: workerId }))
    await ensureTicket(db.pool);
}

/** The parameters were checked when the job was submitted; here they meet the source picture again. */
async function requestOf({ blobs }: DemoHandlerDeps, job: ClaimedJob): Promise<InferenceRequest> {
  const { task, prompt, language, parameters, sourceHash } = job;
  let image = null;
  if (sourceHash) {
    const bytes = await blobs.get(sourceHash);
    if (!bytes) throw new StudioError('NOT_FOUND', 'The source image no longer exists. Upload it again.');
    image = await decodeImage(bytes);
  }
  return { ...parameters, task, prompt, language, image } as InferenceRequest;
}

async function outcomeOf(deps: DemoHandlerDeps, job: ClaimedJob, result: InferenceResult): Promise<Outcome> {
  const { timings } = result;
  if (result.kind === 'text')
    return {
      text: result.text,
      timings,
      promptTokens: result.promptTokens,
      completionTokens: result.tokens,
    };
  const { image } = result;
  const before = performance.now();
  const bytes = withPngSettings(await encodePng(image), settingsOf(job));
  const info = { mediaType: 'image/png', width: image.width, height: image.height };
  const picture = await untilReached(() => storePicture(deps, bytes, info), deps.stopping);
  return { pictureHash: picture.hash, timings: { ...timings, store: performance.now() - before } };
}

/** What the file says of how it was made: nothing of who asked, and nothing of the source picture. */
function settingsOf(job: ClaimedJob): PictureSettings {
  const { task, prompt, language, parameters, model, version } = job;
  return { task: task === 'edit' ? 'edit' : 'generate', prompt, language, parameters, model, version };
}

const isForeseen = (error: unknown) => foreseen(error) !== null || error instanceof RuntimeError;

function reasonOf(error: unknown): Pick<Outcome, 'error' | 'errorCode'> {
  const known = error instanceof RuntimeError ? error : foreseen(error);
  if (known) return { error: oneLine(known), errorCode: known.code };
  return {
    error: 'Something went wrong in the worker. Try again; if it keeps happening, see the server’s log.',
    errorCode: 'INTERNAL',
  };
}
