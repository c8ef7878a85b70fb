import { randomUUID } from 'node:crypto';
import {
  sampleMetricOf,
  type Benchmark,
  type RunSample,
  type SampleScore,
} from '../../eval/benchmarks/definition';
import { verdictMetric } from '../../eval/benchmarks/metric';
import type { Db } from '../platform/db/client';
import { storableJson, storableText } from '../platform/db/text';

/** Samples and scores of a run. Each write is one statement that changes nothing when it is repeated. */

export interface SampleKey {
  runId: string;
  itemId: string;
  repeat: number;
}

/** What the model made, or why it made nothing. */
export type SampleOutput =
  | { pictureHash: string; latencyMs: number | null; cached?: boolean }
  | { text: string; latencyMs: number | null; cached?: boolean }
  | { error: string };

/**
 * Adds a sample, unless it is there or the run has ended.
 * @returns its id, also where it was there before (a lost answer makes the same call twice); null when the run has ended
 * @param cacheKey of outputs that another run may take
 */
export async function insertSample(
  db: Db,
  { runId, itemId, repeat }: SampleKey,
  output: SampleOutput,
  by: { workerId: string | null; cacheKey: string | null },
): Promise<string | null> {
  const failed = 'error' in output;
  const { rows } = await db.pool.query<{ id: string }>(
    `INSERT INTO sample (id, run_id, item_id, repeat, state, picture_hash, text, error, latency_ms, cached, worker_id, cache_key)
     SELECT $1, r.id, $3, $4, $5::sample_state, $6, $7, $8, $9, $10, $11, $12 FROM evaluation_run r
     WHERE r.id = $2 AND r.state IN ('running', 'paused')
     ON CONFLICT (run_id, item_id, repeat) DO UPDATE SET repeat = excluded.repeat RETURNING id`,
    [
      ...[randomUUID(), runId, itemId, repeat, failed ? 'failed' : 'generated'],
      'pictureHash' in output ? output.pictureHash : null,
      'text' in output ? storableText(output.text) : null,
      failed ? storableText(output.error) : null,
      failed ? null : output.latencyMs,
      !failed && (output.cached ?? false),
      by.workerId,
      failed ? null : by.cacheKey,
    ],
  );
  return rows[0]?.id ?? null;
}

/** Writes a sample's scores, unless it has some. */
export async function scoreSample(
  db: Db,
  benchmark: Pick<Benchmark, 'metrics'>,
  sampleId: string,
  measured: { scores: readonly SampleScore[] } | { unmeasurable: string },
): Promise<void> {
  if ('unmeasurable' in measured) {
    await db.pool.query(
      `UPDATE sample SET state = 'unscored', error = $2 WHERE id = $1 AND state = 'generated'`,
      [sampleId, storableText(measured.unmeasurable)],
    );
    return;
  }
  const bad = measured.scores.find(({ value }) => !Number.isFinite(value));
  if (bad)
    return scoreSample(db, benchmark, sampleId, { unmeasurable: `${bad.metric} came out as ${bad.value}.` });
  await scoreSamples(db, benchmark, [{ sampleId, scores: measured.scores }]);
}

/** Writes the scores of samples that have none yet. @param given finite values */
export async function scoreSamples(
  db: Db,
  benchmark: Pick<Benchmark, 'metrics'>,
  given: readonly { sampleId: string; scores: readonly SampleScore[] }[],
): Promise<void> {
  await db.pool.query(
    `WITH given AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS t("sampleId" uuid, scores jsonb,
         value float8, correct bool, margin float8, reason text)
     ), s AS (
       UPDATE sample SET state = 'scored', value = given.value, correct = given.correct, margin = given.margin,
         reason = given.reason FROM given
       WHERE sample.id = given."sampleId" AND sample.state = 'generated' RETURNING sample.id, given.scores
     )
     INSERT INTO score (sample_id, metric, value, details)
     SELECT s.id, t.metric, t.value, t.details
     FROM s, jsonb_to_recordset(s.scores) AS t(metric text, value double precision, details jsonb)`,
    [storableJson(given.map((one) => ({ ...one, ...columnsOf(benchmark, one.scores) })))],
  );
}

/** What of its scores a sample is sorted and filtered by. */
export function columnsOf(benchmark: Pick<Benchmark, 'metrics'>, scores: readonly SampleScore[]) {
  const known = sampleMetricOf(benchmark);
  const main = scores.find(({ metric }) => metric === known);
  const verdict = known === verdictMetric ? main : undefined;
  const { margin = null, reason } = (verdict?.details ?? {}) as { margin?: number | null; reason?: string };
  return {
    value: main?.value ?? null,
    correct: verdict ? verdict.value === 1 : null,
    margin,
    reason: reason || null,
  };
}

/** An output that was made of the same request before, or null. */
export async function cachedOutput(db: Db, cacheKey: string): Promise<SampleOutput | null> {
  const { rows } = await db.pool.query<OutputRow>(
    `SELECT picture_hash, text FROM sample WHERE cache_key = $1 AND state <> 'failed' LIMIT 1`,
    [cacheKey],
  );
  return outputOf(rows[0]);
}

/** What a sample of another run has as its output, or why it has none; null where it has no such sample. */
export async function outputOfRun(
  db: Db,
  { runId, itemId, repeat }: SampleKey,
): Promise<SampleOutput | null> {
  const { rows } = await db.pool.query<OutputRow & { error: string | null }>(
    `SELECT picture_hash, text, error FROM sample WHERE run_id = $1 AND item_id = $2 AND repeat = $3`,
    [runId, itemId, repeat],
  );
  const error = rows[0]?.error;
  return outputOf(rows[0]) ?? (error ? { error } : null);
}

interface OutputRow {
  picture_hash: string | null;
  text: string | null;
}

function outputOf(row?: OutputRow): SampleOutput | null {
  if (row?.picture_hash) return { pictureHash: row.picture_hash, latencyMs: null, cached: true };
  if (row?.text !== null && row?.text !== undefined) return { text: row.text, latencyMs: null, cached: true };
  return null;
}

export interface SampleRow {
  id: string;
  itemId: string;
  repeat: number;
  state: RunSample['state'];
  pictureHash: string | null;
  text: string | null;
}

/** The samples that a run has of some items. */
export async function samplesOf(db: Db, runId: string, itemIds: readonly string[]): Promise<SampleRow[]> {
  return db.prisma.sample.findMany({
    where: { runId, itemId: { in: [...itemIds] } },
    select: { id: true, itemId: true, repeat: true, state: true, pictureHash: true, text: true },
  });
}

export interface RunCounts {
  /** Samples that the run is to have. */
  expected: number;
  generated: number;
  scored: number;
  failed: number;
  unscored: number;
  /** Not there yet, or never, where the run has ended. */
  missing: number;
  /** Outputs that were taken from an earlier run. */
  cached: number;
}

export async function countSamples(db: Db, runId: string, expected: number): Promise<RunCounts> {
  const { rows } = await db.pool.query<Omit<RunCounts, 'expected' | 'missing'>>(
    `SELECT generated, scored, failed, unscored, cached FROM run_count WHERE run_id = $1`,
    [runId],
  );
  return countsOf(rows[0] ?? { generated: 0, scored: 0, failed: 0, unscored: 0, cached: 0 }, expected);
}

/** @param counted the columns of run_count */
export function countsOf(counted: Omit<RunCounts, 'expected' | 'missing'>, expected: number): RunCounts {
  const { generated, scored, failed, unscored, cached } = counted;
  const missing = expected - generated - scored - failed - unscored;
  return { expected, generated, scored, failed, unscored, missing, cached };
}

/**
 * Every sample of a run with its scores, in the order of the data set.
 * @param without names of what is large among the details of scores, and not wanted
 */
export async function readSamples(
  db: Db,
  runId: string,
  { without = [] }: { without?: string[] } = {},
): Promise<(RunSample & { id: string })[]> {
  const { rows } = await db.pool.query<RunSample & { id: string }>(
    `SELECT s.id, s.repeat, s.state, s.text, s.error,
       jsonb_build_object('key', i.key, 'group', i."group", 'data', i.data, 'position', i.position) AS item,
       coalesce((SELECT jsonb_object_agg(c.metric, jsonb_build_object('value', c.value, 'details',
         CASE WHEN jsonb_typeof(c.details) = 'object' THEN c.details - $2::text[] ELSE c.details END))
         FROM score c WHERE c.sample_id = s.id), '{}'::jsonb) AS scores
     FROM sample s JOIN item i ON i.id = s.item_id WHERE s.run_id = $1 ORDER BY s.position, s.repeat`,
    [runId, without],
  );
  return rows;
}
