import type pg from 'pg';
import type { Db } from '../../platform/db/client';
import { transactionOf } from '../../platform/db/transaction';
import { uuidv7 } from '../../platform/db/uuid';
import { StudioError } from '../../platform/errors/errors';
import { activeRevisionSql, manifestOf, noModel } from '../../inference/registry';
import { issueTicket } from '../../inference/queue/queue';
import { mayUse } from '../../platform/limits/storage';
import { prepareSubmit, type Prepared } from '../limits';
import type { SubmitInput } from '../schema';

/** The statements behind submit: few round trips, as many wait for them at once. */

interface Source {
  width: number;
  height: number;
  /** Whether it is this visitor's, or shared. */
  allowed: boolean;
}

/** A job that has the same `requestId`. */
interface Replayed {
  id: string;
  revisionId: string;
  hash: string;
  task: string;
  prompt: string;
  language: string;
  parameters: Record<string, number | string>;
  sourceHash: string | null;
  parentId: string | null;
}

/** All that a request is checked against, in one statement. @throws StudioError INFERENCE_UNAVAILABLE without a model. */
export async function readForSubmit(db: Db, visitorId: string, input: SubmitInput) {
  const { rows } = await db.pool.query<{
    revision: { id: string; hash: string } | null;
    source: Source | null;
    replayed: Replayed | null;
    removed: boolean;
  }>({
    name: 'read-for-submit',
    text: `SELECT (SELECT to_json(r) FROM (${activeRevisionSql}) r) AS revision,
       (SELECT json_build_object('width', width, 'height', height, 'allowed', ${mayUse}) FROM blob WHERE hash = $2) AS source,
       (SELECT json_build_object('id', g.id, 'revisionId', r.id, 'hash', r.manifest_hash, 'task', task, 'prompt', prompt,
          'language', language, 'parameters', parameters, 'sourceHash', source_hash, 'parentId', parent_id)
        FROM generation g JOIN model_revision r ON r.id = g.revision_id
        WHERE g.visitor_id = $1 AND g.request_id = $3) AS replayed,
       EXISTS (SELECT 1 FROM removed_request WHERE visitor_id = $1 AND request_id = $3) AS removed`,
    values: [visitorId, input.sourceHash ?? null, input.requestId ?? null],
  });
  const { revision = null, source = null, replayed = null, removed = false } = rows[0] ?? {};
  if (!revision) throw noModel();
  return { revision, source, replayed, removed };
}

/**
 * The job of a request that came again.
 * @throws StudioError CONFLICT, REQUEST_REUSED, when the request is another under the same id.
 */
export async function replay(
  db: Db,
  job: Replayed,
  input: SubmitInput,
  source: Source | null,
): Promise<{ id: string }> {
  if (!(await isSame(db, job, input, source)))
    throw new StudioError(
      'CONFLICT',
      'A different request was already sent with this ID. Use a unique ID for each request.',
      { reason: 'REQUEST_REUSED' },
    );
  return { id: job.id };
}

/** Compared as the model of that time would have stored it; a seed that was drawn then is not asked for again. */
async function isSame(db: Db, job: Replayed, input: SubmitInput, source: Source | null): Promise<boolean> {
  if (job.task !== input.task || job.sourceHash !== (input.sourceHash ?? null)) return false;
  // A parent that was removed since is gone from the job.
  if (job.parentId !== null && job.parentId !== (input.parentId ?? null)) return false;
  const manifest = await manifestOf(db, { id: job.revisionId, hash: job.hash });
  const { seed } = job.parameters;
  let again: Prepared;
  try {
    again = prepareSubmit(manifest, { ...input, seed: input.seed ?? (seed as number | undefined) }, source);
  } catch {
    return false;
  }
  return (
    again.prompt === job.prompt &&
    again.language === job.language &&
    sorted(again.parameters) === sorted(job.parameters)
  );
}

const sorted = (values: Record<string, unknown>) =>
  JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Orders the submits of one visitor until the transaction ends, so that what they count is exact. */
export const lockVisitor = (visitorId: string): pg.QueryConfig => ({
  name: 'lock-visitor',
  text: `INSERT INTO visitor AS v (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET
     seen_at = CASE WHEN v.seen_at < now() - interval '1 minute' THEN now() ELSE v.seen_at END`,
  values: [visitorId],
});

export interface NewJob extends Prepared {
  input: SubmitInput;
  revisionId: string;
  maxWaiting: number;
  grid?: { id: string; x: number; y: number };
}

export type Added =
  /** `ticketed`: whether a ticket was issued with it; without one, `ensureTicket` after the commit. */
  | { id: string; ticketed: boolean }
  /** Why nothing was added. Is there room and a parent, the same request was added or removed meanwhile. */
  | { waiting: number; parent: boolean; max: number };

/**
 * Queues a job, under `lockVisitor`: its turn is one after the visitor's last waiting one, or after the turn that
 * runs now.
 */
export async function insertJob(client: pg.PoolClient, visitorId: string, job: NewJob): Promise<Added> {
  const id = uuidv7();
  return addedOf(await client.query(insertion(id, visitorId, job)), id, job);
}

function insertion(id: string, visitorId: string, job: NewJob): pg.QueryConfig {
  const { input, maxWaiting, grid } = job;
  return {
    name: 'add-generation',
    text: `WITH mine AS (
       SELECT count(*)::int AS waiting, max(turn) AS turn,
         $9::uuid IS NULL OR EXISTS (SELECT 1 FROM generation WHERE id = $9 AND visitor_id = $2) AS parent
       FROM generation WHERE visitor_id = $2 AND state = 'queued'
     ), touched AS (
       UPDATE blob SET touched_at = now() WHERE hash = $8
     ), added AS (
       INSERT INTO generation (id, visitor_id, revision_id, task, prompt, language, parameters, source_hash, parent_id,
         request_id, grid_id, grid_x, grid_y, turn)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $12, $13, $14,
         1 + greatest((SELECT turn FROM queue_clock), mine.turn) FROM mine
       WHERE waiting < $11 AND parent
         AND NOT EXISTS (SELECT 1 FROM removed_request WHERE visitor_id = $2 AND request_id = $10)
       ON CONFLICT (visitor_id, request_id) DO NOTHING RETURNING id
     ), ticket AS (
       ${issueTicket} AND EXISTS (SELECT 1 FROM added)
     ) SELECT waiting, parent, EXISTS (SELECT 1 FROM added) AS added, EXISTS (SELECT 1 FROM ticket) AS ticketed FROM mine`,
    values: [
      ...[
        id,
        visitorId,
        job.revisionId,
        input.task,
        job.prompt,
        job.language,
        JSON.stringify(job.parameters),
      ],
      ...[input.sourceHash ?? null, input.parentId ?? null, input.requestId ?? null, maxWaiting],
      ...[grid?.id ?? null, grid?.x ?? null, grid?.y ?? null],
    ],
  };
}

function addedOf(result: pg.QueryResult | undefined, id: string, { maxWaiting }: NewJob): Added {
  const rows = (result?.rows ?? []) as {
    waiting: number;
    parent: boolean;
    added: boolean;
    ticketed: boolean;
  }[];
  const { waiting = 0, parent = false, added = false, ticketed = false } = rows[0] ?? {};
  return added ? { id, ticketed } : { waiting, parent, max: maxWaiting };
}

/** Queues one job in a transaction of its own. */
export async function addGeneration(db: Db, visitorId: string, job: NewJob): Promise<Added> {
  const id = uuidv7();
  const [, inserted] = await transactionOf(db.pool, [lockVisitor(visitorId), insertion(id, visitorId, job)]);
  return addedOf(inserted, id, job);
}
