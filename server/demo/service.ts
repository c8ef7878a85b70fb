import { randomBytes } from 'node:crypto';
import type { Db } from '../db/client';
import { transaction } from '../db/transaction';
import { StudioError } from '../errors/errors';
import { liveWorkers } from '../inference/health';
import { activeRevision } from '../inference/registry';
import { demoJob } from '../jobs/definition';
import { addJob, cancelChannel, removeJob } from '../jobs/queue';
import { modelInfo, prepareSubmit } from './limits';
import type { GenerationView, ModelInfo, SubmitInput } from './schema';
import { hasEnded, moveState } from './store';
import { generationSelect, generationView } from './view';

/** The rules of the demo. Every function takes the visitor and sees only that visitor's jobs. */

export const maxWaiting = 20;

export interface DemoDeps {
  db: Db;
}

const notFound = () => new StudioError('NOT_FOUND', 'There is no such job, or it was removed.');

export async function describeModel({ db }: DemoDeps): Promise<ModelInfo> {
  const [revision, workers] = await Promise.all([activeRevision(db), liveWorkers(db)]);
  const serving = workers.find((w) => w.inference.hash === revision.hash && w.inference.state === 'ready');
  const device = serving?.inference.device ?? workers[0]?.inference.device ?? 'none';
  return modelInfo(revision, { device, ready: serving !== undefined });
}

/** Checks a request, stores it and queues it, all or nothing. */
export async function submit(
  { db }: DemoDeps,
  visitorId: string,
  input: SubmitInput,
): Promise<{ id: string }> {
  const revision = await activeRevision(db);
  const source = input.sourceHash
    ? await db.prisma.blob.findUnique({
        where: { hash: input.sourceHash },
        select: { width: true, height: true },
      })
    : null;
  if (input.sourceHash && !source)
    throw new StudioError('BAD_REQUEST', 'The source picture is not here any more. Upload it again.');
  if (input.task === 'edit' && !source)
    throw new StudioError('BAD_REQUEST', 'An edit needs a source picture. Choose or upload one.');
  if (input.task === 'generate' && source)
    throw new StudioError('BAD_REQUEST', 'A generation takes no source picture. Choose edit instead.');
  const { prompt, language, parameters } = prepareSubmit(revision.manifest, input, source);
  const id = uuidv7();
  await transaction(db.pool, async (client) => {
    await client.query('INSERT INTO visitor (id) VALUES ($1) ON CONFLICT DO NOTHING', [visitorId]);
    // The lock orders the submits of one visitor, so that the count below is exact.
    await client.query('SELECT 1 FROM visitor WHERE id = $1 FOR UPDATE', [visitorId]);
    const counted = await client.query<{ waiting: number; parent: boolean }>(
      `SELECT count(*) FILTER (WHERE state = 'queued')::int AS waiting, coalesce(bool_or(id = $2), false) AS parent
       FROM generation WHERE visitor_id = $1 AND (state = 'queued' OR id = $2)`,
      [visitorId, input.parentId ?? null],
    );
    const { waiting = 0, parent = false } = counted.rows[0] ?? {};
    if (input.parentId && !parent) throw notFound();
    if (waiting >= maxWaiting)
      throw new StudioError(
        'TOO_MANY',
        `${waiting} of your jobs are waiting already: at most ${maxWaiting}. Wait for one to finish, or cancel one.`,
      );
    if (input.sourceHash)
      await client.query('UPDATE blob SET touched_at = now() WHERE hash = $1', [input.sourceHash]);
    await client.query(
      `INSERT INTO generation (id, visitor_id, revision_id, task, prompt, language, parameters, source_hash, parent_id, turn)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 1 + greatest(
         (SELECT turn FROM queue_clock), (SELECT max(turn) FROM generation WHERE visitor_id = $2 AND state = 'queued'))`,
      [
        ...[id, visitorId, revision.id, input.task, prompt, language, JSON.stringify(parameters)],
        ...[input.sourceHash ?? null, input.parentId ?? null],
      ],
    );
    await addJob(client, demoJob, { generationId: id }, { key: id });
  });
  return { id };
}

export async function getGeneration(
  { db }: DemoDeps,
  visitorId: string,
  id: string,
): Promise<GenerationView> {
  const row = await db.prisma.generation.findFirst({ where: { id, visitorId }, select: generationSelect });
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
  if (await moveState(db.pool, id, { from: ['queued'], to: 'cancelled' })) {
    await removeJob(db.pool, id);
  } else if (await moveState(db.pool, id, { from: ['running'], to: 'cancelling' })) {
    await db.pool.query('SELECT pg_notify($1, $2)', [cancelChannel, id]);
  }
  return getGeneration({ db }, visitorId, id);
}

export async function remove({ db }: DemoDeps, visitorId: string, id: string): Promise<{ id: string }> {
  const { state } = await getGeneration({ db }, visitorId, id);
  if (!hasEnded(state))
    throw new StudioError('CONFLICT', 'This job has not ended. Cancel it, then remove it.');
  await db.prisma.generation.deleteMany({ where: { id, visitorId } });
  return { id };
}

/** Where a job stands: 1 is the next to run, 0 is running or ended. `total` counts all that wait or run. */
export async function queuePosition(
  { db }: DemoDeps,
  visitorId: string,
  id: string,
): Promise<{ position: number; total: number }> {
  const { rows } = await db.pool.query<{ position: number; total: number }>(
    `SELECT CASE WHEN g.state <> 'queued' THEN 0 ELSE
         (SELECT count(*) FROM generation o WHERE o.state = 'queued'
           AND (o.turn, o.created_at, o.id) <= (g.turn, g.created_at, g.id))::int END AS position,
       (SELECT count(*) FROM generation o WHERE o.state IN ('queued', 'running', 'cancelling'))::int AS total
     FROM generation g WHERE g.id = $1 AND g.visitor_id = $2`,
    [id, visitorId],
  );
  if (!rows[0]) throw notFound();
  return rows[0];
}

/** RFC 9562: 48 bits of milliseconds, then random, so that ids sort by time. */
export function uuidv7(milliseconds = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
