import type { BlobStore } from '../platform/blobs/store';
import type { Db } from '../platform/db/client';
import { transaction } from '../platform/db/transaction';
import { foreseen, isConnectionError, oneLine } from '../platform/errors/errors';
import { evaluationPriority, prepareJob } from '../inference/queue/definition';
import { addJob } from '../inference/queue/queue';
import { untilReached } from '../inference/queue/retry';
import type { Logger } from '../platform/log/log';
import { runChannel } from '../platform/db/hub';
import { addBatches } from '../evaluation/control';
import { dataFor } from '../evaluation/data';
import { readRevision } from '../evaluation/revisions';
import { moveRun, readRun, runRequestSchema } from '../evaluation/run-store';
import { columnsOf, planRun } from '../evaluation/service';

interface PrepareDeps {
  db: Db;
  blobs: BlobStore;
  log: Logger;
  /** Aborts when the worker stops: the job goes back to the queue. */
  stopping: AbortSignal;
}

/** The worker stops. */
class Stopped extends Error {}

/**
 * Stores the data set of a run that was started from the page, decides what the run measures, and begins it. Safe to
 * repeat; does nothing for a run that has begun or ended. What goes wrong ends the run with the reason.
 */
export async function prepareRun(deps: PrepareDeps, runId: string): Promise<void> {
  const { db, log, stopping } = deps;
  try {
    await prepare(deps, runId);
  } catch (error) {
    if (stopping.aborted)
      return addJob(db.pool, prepareJob, { runId }, { key: runId, priority: evaluationPriority });
    // The job runs again.
    if (isConnectionError(error)) throw error;
    const known = foreseen(error);
    if (!known) log.error({ err: error, runId }, 'run could not be prepared');
    const reason = known ? oneLine(known) : `Its data could not be prepared: ${oneLine(error)}`;
    await untilReached(() => moveRun(db.pool, runId, { from: ['running'], to: 'failed', reason }), stopping);
  }
}

async function prepare({ db, blobs, stopping }: PrepareDeps, runId: string): Promise<void> {
  const run = await readRun(db, runId);
  if (run?.state !== 'running' || !run.preparing) return;
  const { request } = await db.prisma.evaluationRun.findUniqueOrThrow({
    where: { id: runId },
    select: { request: true },
  });
  const { settings, groups, limit, repeats } = runRequestSchema.parse(request);
  const version = await dataFor({ db, blobs }, run.benchmark, () => {
    if (stopping.aborted) throw new Stopped();
  });
  const revision = await readRevision(db, run.revisionId);
  const plan = await planRun(
    { db, blobs },
    {
      ...{ benchmark: run.benchmark, version, settings, repeats, cache: run.cache },
      // An endpoint's limits are the run's own.
      revision: run.endpoint === undefined ? revision : { ...revision, manifest: run.endpoint },
      subset: { groups, limit },
    },
  );
  await transaction(db.pool, async (client) => {
    const { rows } = await client.query<{ state: string }>(
      `UPDATE evaluation_run SET version_id = $2, settings = $3, items = $4, item_count = $5, repeats = $6,
         evaluators = $7, fingerprint = $8, fingerprint_of = $9, provenance = $10, request = NULL
       WHERE id = $1 AND request IS NOT NULL AND state IN ('running', 'paused') RETURNING state`,
      [runId, ...columnsOf(plan)],
    );
    // One that was paused meanwhile gets its jobs when it is resumed.
    if (rows[0]?.state === 'running') await addBatches(client, runId, plan.itemCount * plan.repeats);
    await client.query('SELECT pg_notify($1, $2)', [runChannel, runId]);
  });
}
