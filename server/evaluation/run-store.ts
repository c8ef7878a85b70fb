import { z } from 'zod';
import { benchmarkOf, findBenchmark } from '../../eval/benchmarks';
import type { BenchmarkDefinition } from '../../eval/benchmarks/definition';
import { runSettingsSchema, type RunSettings } from '../../eval/benchmarks/settings';
import type { Db } from '../platform/db/client';
import { StudioError } from '../platform/errors/errors';
import { runChannel } from '../platform/db/hub';
import { runEvaluatorsSchema, type RunEvaluators } from './run-evaluators';

export type RunState = 'running' | 'paused' | 'cancelled' | 'done' | 'failed';

/** What a worker needs of a run. */
export interface Run {
  id: string;
  revisionId: string;
  versionId: string;
  sourceId: string | null;
  state: RunState;
  benchmark: BenchmarkDefinition;
  settings: RunSettings;
  /** Positions of the items in the data set, rising. */
  positions: number[];
  repeats: number;
  evaluators: RunEvaluators;
  /** Whether the items are all that the data set has. */
  whole: boolean;
  cache: boolean;
  /** Of an endpoint: attempts that may have been charged. */
  requestsSent: number;
  /** Whether its data is still to be stored: it has no items yet. */
  preparing: boolean;
  /** Of an endpoint: its settings with this run's limits, never a key. */
  endpoint?: unknown;
}

/** What was asked for, as `evaluation_run.request` keeps it. */
export const runRequestSchema = z.object({
  settings: z.record(z.string(), z.unknown()),
  groups: z.array(z.string()).optional(),
  limit: z.int().optional(),
  repeats: z.int(),
});
export type RunRequest = z.infer<typeof runRequestSchema>;

export const sampleCount = (run: Pick<Run, 'positions' | 'repeats'>): number =>
  run.positions.length * run.repeats;

/** @returns null when there is none */
export async function readRun(db: Db, id: string): Promise<Run | null> {
  const row = await db.prisma.evaluationRun.findUnique({
    where: { id },
    include: { version: { include: { benchmark: true } } },
  });
  if (!row) return null;
  const { name } = row.version.benchmark;
  if (!findBenchmark(name))
    throw new Error(`The run ${id} uses the benchmark ${name}, which this version doesn’t support.`);
  const all = row.items.length === 0;
  return {
    id,
    revisionId: row.revisionId,
    versionId: row.versionId,
    sourceId: row.sourceId,
    state: row.state,
    benchmark: await benchmarkOf(name),
    settings: runSettingsSchema.parse(row.settings),
    positions: all ? Array.from({ length: row.itemCount }, (_, i) => i) : row.items,
    repeats: row.repeats,
    evaluators: runEvaluatorsSchema.parse(row.evaluators),
    // A set of which some items could not be read is not the whole.
    whole: all && (row.version.problems as unknown[]).length === 0,
    requestsSent: row.requestsSent,
    preparing: row.request !== null,
    ...z.object({ cache: z.boolean(), endpoint: z.unknown().optional() }).parse(row.provenance),
  };
}

/** The id that a person means by it or by its beginning. @throws StudioError NOT_FOUND, BAD_REQUEST */
export async function findRun(db: Db, given: string): Promise<string> {
  if (!/^[0-9a-f-]{4,36}$/i.test(given))
    throw new StudioError('BAD_REQUEST', `${JSON.stringify(given)} is not a run ID or the start of one.`);
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM evaluation_run WHERE id::text LIKE $1 || '%' ORDER BY id LIMIT 2`,
    [given.toLowerCase()],
  );
  if (!rows[0]) throw new StudioError('NOT_FOUND', `The run ${given} doesn’t exist. See studio eval list.`);
  if (rows[1])
    throw new StudioError('BAD_REQUEST', `Several run IDs start with ${given}. Type more of the ID.`);
  return rows[0].id;
}

/**
 * Moves a run from one of the states `from` to another, by compare-and-set.
 * @returns false when it was in none of them: somebody else was first
 */
export async function moveRun(
  db: Pick<Db['pool'], 'query'>,
  id: string,
  move: { from: RunState[]; to: RunState; reason?: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH moved AS (UPDATE evaluation_run SET state = $3::run_state, reason = $4,
       finished_at = CASE WHEN $3::run_state IN ('cancelled', 'done', 'failed') THEN now() END,
       paused_at = CASE WHEN $3::run_state = 'paused' THEN now() END,
       paused_ms = paused_ms + CASE WHEN paused_at IS NULL THEN 0
         ELSE extract(epoch FROM now() - paused_at) * 1000 END
     WHERE id = $1 AND state = ANY($2::run_state[]) RETURNING id)
     SELECT pg_notify('${runChannel}', id::text) FROM moved`,
    [id, move.from, move.to, move.reason ?? null],
  );
  return (rowCount ?? 0) > 0;
}

/** The state, or null when the run is gone. */
export async function stateOf(db: Db, id: string): Promise<RunState | null> {
  const { rows } = await db.pool.query<{ state: RunState }>(
    `SELECT state FROM evaluation_run WHERE id = $1`,
    [id],
  );
  return rows[0]?.state ?? null;
}

/** Adds the machine and device of a worker to the provenance, once. */
export async function noteWorker(
  db: Db,
  id: string,
  machine: { host: string; device: string },
): Promise<void> {
  await db.pool.query(
    `UPDATE evaluation_run SET provenance = jsonb_set(provenance, '{workers}', coalesce(provenance->'workers', '[]') || $2::jsonb)
     WHERE id = $1 AND NOT coalesce(provenance->'workers', '[]') @> $2::jsonb`,
    [id, JSON.stringify([machine])],
  );
}

/** Adds to the attempts that a run has sent to an endpoint. */
export async function addRequests(db: Db, id: string, sent: number): Promise<void> {
  await db.pool.query(`UPDATE evaluation_run SET requests_sent = requests_sent + $2 WHERE id = $1`, [
    id,
    sent,
  ]);
}

/** Gives a run another spending limit. */
export async function setMaxRequests(db: Db, id: string, maxRequests: number): Promise<void> {
  await db.pool.query(
    `UPDATE evaluation_run SET provenance = jsonb_set(provenance, '{endpoint,maxRequests}', $2::jsonb)
     WHERE id = $1 AND provenance ? 'endpoint'`,
    [id, JSON.stringify(maxRequests)],
  );
}
