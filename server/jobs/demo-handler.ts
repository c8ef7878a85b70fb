import { CancelledError, RuntimeError } from '../../models/runtime/errors';
import { decodeImage } from '../../models/runtime/image/decode';
import { encodePng } from '../../models/runtime/image/encode';
import type { InferenceRequest, InferenceResult } from '../../models/runtime/types';
import { storePicture } from '../blobs/pictures';
import type { BlobStore } from '../blobs/store';
import type { Db } from '../db/client';
import { transaction } from '../db/transaction';
import { moveState, type Outcome } from '../demo/store';
import { isConnectionError, oneLine, StudioError } from '../errors/errors';
import type { InferenceDevice } from '../inference/device';
import type { Logger } from '../log/log';
import { demoJob } from './definition';
import { progressWriter } from './progress';
import { addJob } from './queue';
import { untilReached } from './retry';

export interface DemoHandlerDeps {
  db: Db;
  blobs: BlobStore;
  device: InferenceDevice;
  log: Logger;
  workerId: string;
  /** Generations in hand, so that a wish to cancel finds them. */
  inHand: Map<string, AbortController>;
  /** Aborts when the worker stops: its jobs go back to the queue. */
  stopping: AbortSignal;
}

/** So often may a job be taken, by workers that died or were stopped, before it is given up. */
export const maxAttempts = 3;
/** A preview every so many denoising steps. */
const previewEvery = 2;
const mine = ['running', 'cancelling'] as const;

/**
 * Runs one generation to its end state. Safe to repeat: only a queued one is taken, and only its holder writes.
 * Returns normally when the job is over, gone, or another's.
 */
export async function runDemoJob(deps: DemoHandlerDeps, generationId: string): Promise<void> {
  const { db, device, workerId, inHand, stopping, log } = deps;
  const controller = new AbortController();
  const stop = () => controller.abort();
  const finish = (to: 'done' | 'failed' | 'cancelled', outcome: Outcome) =>
    untilReached(
      () => moveState(db.pool, generationId, { from: [...mine], to, by: workerId, outcome }),
      stopping,
    );
  // Before the claim, so that no wish to cancel falls between.
  inHand.set(generationId, controller);
  stopping.addEventListener('abort', stop, { once: true });
  try {
    const claimed = await untilReached(
      () => moveState(db.pool, generationId, { from: ['queued'], to: 'running', claim: workerId }),
      stopping,
    );
    if (!claimed) return;
    const job = await untilReached(() => readJob(db, generationId), stopping);
    if (job.attempts > maxAttempts) {
      const error = `The job was begun ${maxAttempts} times and each time its worker ended. Try a smaller picture or fewer steps.`;
      return void (await finish('failed', { error, errorCode: 'INFERENCE_CRASHED' }));
    }
    const progress = progressWriter(deps, { id: generationId, workerId }, { signal: stopping, onLost: stop });
    try {
      if (job.state === 'cancelling') throw new CancelledError();
      const result = await device.run(await requestOf(deps, job), {
        signal: controller.signal,
        previewEvery,
        onEvent: progress.add,
        onRestart: () => {
          progress.restart();
          progress.addStored({ type: 'state', state: 'running' });
        },
      });
      await progress.flushed();
      await finish('done', await outcomeOf(deps, result));
    } catch (error) {
      if (stopping.aborted) return await putBack(db, generationId, workerId);
      await progress.flushed().catch((lost: unknown) => {
        // A cancel that came of a failed write is that failure.
        if (error instanceof CancelledError) throw lost;
      });
      if (error instanceof CancelledError)
        return void (await finish('cancelled', { pictureHash: progress.lastPreview()?.hash ?? null }));
      throw error;
    }
  } catch (error) {
    if (stopping.aborted) return await putBack(db, generationId, workerId);
    if (!isForeseen(error)) log.error({ err: error, generationId }, 'job failed');
    // False when another worker holds the job: then it is that worker's to end.
    await finish('failed', reasonOf(error));
  } finally {
    stopping.removeEventListener('abort', stop);
    inHand.delete(generationId);
  }
}

/** The worker stops: its job waits again, first in line, unless its visitor wanted it cancelled. */
async function putBack(db: Db, id: string, workerId: string): Promise<void> {
  if (await moveState(db.pool, id, { from: ['cancelling'], to: 'cancelled', by: workerId })) return;
  await transaction(db.pool, async (client) => {
    if (await moveState(client, id, { from: ['running'], to: 'queued', by: workerId }))
      await addJob(client, demoJob, { generationId: id }, { key: id });
  });
}

const readJob = (db: Db, id: string) =>
  db.prisma.generation.findUniqueOrThrow({
    where: { id },
    select: {
      state: true,
      task: true,
      prompt: true,
      language: true,
      parameters: true,
      sourceHash: true,
      attempts: true,
    },
  });

/** The parameters were checked when the job was submitted; here they meet the source picture again. */
async function requestOf(
  { blobs }: DemoHandlerDeps,
  job: Awaited<ReturnType<typeof readJob>>,
): Promise<InferenceRequest> {
  const { task, prompt, language, parameters, sourceHash } = job;
  let image = null;
  if (sourceHash) {
    const bytes = await blobs.get(sourceHash);
    if (!bytes)
      throw new StudioError('NOT_FOUND', 'The source picture is not here any more. Upload it again.');
    image = await decodeImage(bytes);
  }
  return { ...(parameters as object), task, prompt, language, image } as InferenceRequest;
}

async function outcomeOf(deps: DemoHandlerDeps, result: InferenceResult): Promise<Outcome> {
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
  const bytes = await encodePng(image);
  const info = { mediaType: 'image/png', width: image.width, height: image.height };
  const picture = await untilReached(() => storePicture(deps, bytes, info), deps.stopping);
  return { pictureHash: picture.hash, timings: { ...timings, store: performance.now() - before } };
}

const isForeseen = (error: unknown) => error instanceof StudioError || error instanceof RuntimeError;

function reasonOf(error: unknown): Pick<Outcome, 'error' | 'errorCode'> {
  if (error instanceof StudioError || error instanceof RuntimeError)
    return { error: oneLine(error), errorCode: error.code };
  if (isConnectionError(error))
    return { error: 'The database could not be reached. Try again.', errorCode: 'DATABASE_UNREACHABLE' };
  return {
    error: 'Something went wrong in the worker. Try again; if it happens again, look at the server’s log.',
    errorCode: 'INTERNAL',
  };
}
