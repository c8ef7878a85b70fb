import type { Db } from '../../platform/db/client';
import { StudioError } from '../../platform/errors/errors';
import { liveWorkers } from '../../inference/health';
import { estimateJob } from '../estimates/service';
import { activeRevision, manifestOf } from '../../inference/registry';
import { cancelChannel, ensureTicket } from '../../inference/queue/queue';
import type { Limits } from '../../platform/limits/limits';
import { checkStorage } from '../../platform/limits/storage';
import { modelInfo, prepareSubmit } from '../limits';
import type { GenerationView, ModelInfo, QueueView, SubmitInput } from '../schema';
import { hasEnded, moveState } from './store';
import { addGeneration, readForSubmit, replay } from './submit-store';
import { generationSelect, generationView, readRow } from './view';

/** The rules of the demo. Every function takes the visitor and sees only that visitor's jobs. */

export interface DemoDeps {
  db: Db;
}

export const notFound = () => new StudioError('NOT_FOUND', 'This job doesn’t exist or has been removed.');

export async function describeModel({ db }: DemoDeps): Promise<ModelInfo> {
  const [revision, workers] = await Promise.all([activeRevision(db), liveWorkers(db)]);
  const serving = workers.find((w) => w.inference.hash === revision.hash && w.inference.state === 'ready');
  const { device = 'none', graphs = null } = (serving ?? workers[0])?.inference ?? {};
  const memory = graphs && {
    used: graphs.graphs.reduce((sum, { bytes }) => sum + bytes, 0),
    limit: graphs.limit,
    loading: graphs.loading.map(({ name }) => name),
    tooLarge: graphs.tooLarge,
  };
  return modelInfo(revision, { device, ready: serving !== undefined, memory });
}

/** What submit needs beside the database: every way in passes the same limits. */
export interface SubmitDeps extends DemoDeps {
  limits: Limits;
  address?: string | null;
}

const notHere = () =>
  new StudioError('BAD_REQUEST', 'The source image no longer exists. Upload it again.', {
    reason: 'NOT_HERE',
  });

/**
 * Checks a request, stores it and queues it, all or nothing. One with a `requestId` that was sent before is the same
 * job, whatever became of it.
 * @throws StudioError BAD_REQUEST, NOT_FOUND (the parent), CONFLICT (REQUEST_REUSED for other content, REQUEST_REMOVED
 *   when its job was removed), TOO_MANY and STORAGE_FULL; RequestError for what the model does not take.
 */
export async function submit(
  deps: SubmitDeps,
  visitorId: string,
  input: SubmitInput,
): Promise<{ id: string }> {
  const { db, limits, address } = deps;
  const { revision, source, replayed, removed } = await readForSubmit(db, visitorId, input);
  if (replayed) return replay(db, replayed, input, source);
  if (removed) throw requestRemoved();
  checkSource(input, source);
  const manifest = await manifestOf(db, revision);
  const request = prepareSubmit(manifest, input, source);
  await Promise.all([limits.takeJob({ visitorId, address }), checkStorage(deps, visitorId)]);
  const added = await addGeneration(db, visitorId, {
    ...request,
    input,
    revisionId: revision.id,
    maxWaiting: mostWaiting(limits),
  });
  if ('id' in added) {
    // A ticket that lay ready may have been used up before the commit.
    if (!added.ticketed) await ensureTicket(db.pool);
    return { id: added.id };
  }
  const { waiting, parent, max } = added;
  if (input.parentId && !parent) throw notFound();
  if (waiting >= max) throw await tooManyWaiting(deps, visitorId, { waiting, max });
  // The same request came at the same moment and was first.
  const again = await readForSubmit(db, visitorId, input);
  if (again.replayed) return replay(db, again.replayed, input, again.source);
  throw requestRemoved();
}

/** @throws StudioError BAD_REQUEST when the picture is not here for this visitor, or not what the task takes. */
export function checkSource(input: SubmitInput, source: { allowed: boolean } | null): void {
  if (input.sourceHash && !source?.allowed) throw notHere();
  if (input.task === 'edit' && !source)
    throw new StudioError('BAD_REQUEST', 'An edit needs a source image. Choose or upload one.', {
      reason: 'NO_SOURCE',
    });
  if (input.task === 'generate' && source)
    throw new StudioError('BAD_REQUEST', 'Generate doesn’t use a source image. Choose Edit instead.', {
      reason: 'NEEDLESS_SOURCE',
    });
}

export const requestRemoved = () =>
  new StudioError(
    'CONFLICT',
    'The job of this request has been removed. Send a new request to run it again.',
    {
      reason: 'REQUEST_REMOVED',
    },
  );

/** 0 is no limit. */
export const mostWaiting = (limits: Limits) => limits.settings.maxWaiting || 2 ** 31 - 1;

/** When the first of them will have ended, as far as that can be told. */
export async function tooManyWaiting(
  deps: DemoDeps,
  visitorId: string,
  params: { waiting: number; max: number },
): Promise<StudioError> {
  const { rows } = await deps.db.pool.query<{ id: string }>(
    `SELECT id FROM generation WHERE visitor_id = $1 AND state IN ('queued', 'running')
     ORDER BY state DESC, turn, created_at, id LIMIT 1`,
    [visitorId],
  );
  const first = rows[0] && (await estimateJob(deps, visitorId, rows[0].id));
  return new StudioError(
    'TOO_MANY',
    `You already have ${params.waiting} jobs waiting; the limit is ${params.max}. Wait for one to finish, or cancel one.`,
    {
      reason: 'TOO_MANY_WAITING',
      params,
      retryAfterSeconds: first?.high == null ? undefined : Math.max(1, Math.ceil(first.high / 1000)),
    },
  );
}

export async function getGeneration(
  { db }: DemoDeps,
  visitorId: string,
  id: string,
): Promise<GenerationView> {
  const row = await readRow(db.pool, { id, visitorId });
  if (!row) throw notFound();
  return generationView(row);
}

/** Newest first. `cursor` is the id of the last one seen: ids are ordered by time. */
export async function listGenerations(
  { db }: DemoDeps,
  visitorId: string,
  { cursor, limit }: { cursor?: string | null; limit: number },
): Promise<{ items: GenerationView[]; nextCursor: string | null }> {
  const rows = await db.prisma.generation.findMany({
    where: { visitorId, ...(cursor ? { id: { lt: cursor } } : {}) },
    orderBy: { id: 'desc' },
    take: limit + 1,
    select: generationSelect,
  });
  const items = rows.slice(0, limit).map(generationView);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** A queued job ends at once; a running one is asked to stop and ends at its next step. Repeating does nothing. */
export async function cancel({ db }: DemoDeps, visitorId: string, id: string): Promise<GenerationView> {
  await getGeneration({ db }, visitorId, id);
  const ended = await moveState(db.pool, id, { from: ['queued'], to: 'cancelled' });
  if (!ended && (await moveState(db.pool, id, { from: ['running'], to: 'cancelling' })))
    await db.pool.query('SELECT pg_notify($1, $2)', [cancelChannel, id]);
  return getGeneration({ db }, visitorId, id);
}

export async function remove({ db }: DemoDeps, visitorId: string, id: string): Promise<{ id: string }> {
  const { state } = await getGeneration({ db }, visitorId, id);
  if (!hasEnded(state))
    throw new StudioError('CONFLICT', 'This job is still running. Cancel it, then remove it.');
  await db.prisma.generation.deleteMany({ where: { id, visitorId } });
  return { id };
}

/**
 * Where a job stands: 1 is the next to run, 0 is running or ended. `total` counts all that wait or run. `low` to `high` is
 * when its result is expected, in milliseconds from now; null while nothing was measured.
 */
export async function queuePosition(deps: DemoDeps, visitorId: string, id: string): Promise<QueueView> {
  const [{ rows }, { low, high, coldStart }] = await Promise.all([
    deps.db.pool.query<{ position: number; total: number }>(
      `SELECT CASE WHEN g.state <> 'queued' THEN 0 ELSE
         (SELECT count(*) FROM generation o WHERE o.state = 'queued'
           AND (o.turn, o.created_at, o.id) <= (g.turn, g.created_at, g.id))::int END AS position,
       (SELECT count(*) FROM generation o WHERE o.state IN ('queued', 'running', 'cancelling'))::int AS total
     FROM generation g WHERE g.id = $1 AND g.visitor_id = $2`,
      [id, visitorId],
    ),
    estimateJob(deps, visitorId, id),
  ]);
  if (!rows[0]) throw notFound();
  return { ...rows[0], low, high, coldStart };
}
