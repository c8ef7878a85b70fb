import type { Db } from '../platform/db/client';
import { StudioError } from '../platform/errors/errors';
import { batchJob, evaluationPriority, finishJob, prepareJob } from '../inference/queue/definition';
import { addJob, cancelChannel } from '../inference/queue/queue';
import { batchKey } from './batch-key';
import { moveRun, readRun, sampleCount, stateOf, type Run, type RunState } from './run-store';
import { countSamples } from './sample-store';

/** Pausing, resuming and cancelling of evaluation runs. */

/** Samples of one job. A job that takes long lets others go first in its middle. */
const batchSize = 8;

/** Why a run is paused whose outputs are being brought. */
export const importing = 'Its outputs are being imported.';

export async function addBatches(
  db: Pick<Db['pool'], 'query'>,
  runId: string,
  samples: number,
): Promise<void> {
  for (let from = 0; from < samples; from += batchSize) {
    const batch = { runId, from, to: Math.min(samples, from + batchSize) };
    await addJob(db, batchJob, batch, { key: batchKey(batch), priority: evaluationPriority });
  }
}

/** Gives every batch of a running run to the workers; what is there already is not made again. */
export async function enqueue({ db }: { db: Db }, id: string): Promise<void> {
  const run = await need(db, id);
  if (run.preparing)
    return addJob(db.pool, prepareJob, { runId: id }, { key: id, priority: evaluationPriority });
  const samples = sampleCount(run);
  const { missing, generated } = await countSamples(db, id, samples);
  if (missing > 0 || (generated > 0 && run.benchmark.measure !== null))
    await addBatches(db.pool, id, samples);
  else await addJob(db.pool, finishJob, { runId: id }, { key: id, priority: evaluationPriority });
}

/** Workers finish the sample in hand and take no other. @throws StudioError CONFLICT, NOT_FOUND */
export async function pauseRun({ db }: { db: Db }, id: string): Promise<void> {
  if (!(await moveRun(db.pool, id, { from: ['running'], to: 'paused' }))) await refuse(db, id, 'paused');
}

/** Goes on where a paused or failed run stopped. @throws StudioError CONFLICT, NOT_FOUND */
export async function resumeRun(deps: { db: Db }, id: string): Promise<void> {
  const { db } = deps;
  const { reason } = (await db.prisma.evaluationRun.findUnique({ where: { id } })) ?? {};
  if (reason === importing)
    throw new StudioError('CONFLICT', 'The import of its outputs was interrupted. Import them again.', {
      reason: 'RUN_IMPORT_BROKEN',
    });
  if (!(await moveRun(db.pool, id, { from: ['paused', 'failed'], to: 'running' }))) {
    // Its jobs may have been lost, e.g. with a worker that nobody took over: adding them again does no harm.
    if ((await stateOf(db, id)) !== 'running') await refuse(db, id, 'resumed');
  }
  await enqueue(deps, id);
}

/** Ends a run at once; what it has is kept. @throws StudioError CONFLICT, NOT_FOUND */
export async function cancelRun({ db }: { db: Db }, id: string): Promise<void> {
  if (!(await moveRun(db.pool, id, { from: ['running', 'paused'], to: 'cancelled' })))
    await refuse(db, id, 'cancelled');
  await db.pool.query('SELECT pg_notify($1, $2)', [cancelChannel, id]);
}

async function need(db: Db, id: string): Promise<Run> {
  const run = await readRun(db, id);
  if (!run)
    throw new StudioError('NOT_FOUND', `The run ${id} doesn’t exist. It may have been removed.`, {
      reason: 'NO_RUN',
    });
  return run;
}

async function refuse(db: Db, id: string, wish: string): Promise<never> {
  const words: Record<RunState, string> = {
    running: 'is running',
    paused: 'is paused',
    cancelled: 'was cancelled',
    done: 'is done',
    failed: 'has failed',
  };
  const { state } = await need(db, id);
  throw new StudioError('CONFLICT', `The run ${words[state]} and cannot be ${wish}.`, {
    reason: `RUN_${state.toUpperCase()}`,
  });
}
