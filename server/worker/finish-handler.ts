import type { RunSummary } from '../../eval/benchmarks/definition';
import type { Db } from '../platform/db/client';
import { storableJson } from '../platform/db/text';
import { transaction } from '../platform/db/transaction';
import { isConnectionError, oneLine } from '../platform/errors/errors';
import type { Logger } from '../platform/log/log';
import { runChannel } from '../platform/db/hub';
import { moveRun, readRun, sampleCount, type Run } from '../evaluation/run-store';
import { countSamples, readSamples, scoreSamples, type RunCounts } from '../evaluation/sample-store';

/**
 * Ends a run whose samples are all made and scored: what only the whole can tell, aggregates, summary. Safe to repeat;
 * does nothing while a sample is missing or the run is not running.
 */
export async function finishRun({ db, log }: { db: Db; log: Logger }, runId: string): Promise<void> {
  try {
    await finish(db, runId);
  } catch (error) {
    // The job runs again.
    if (isConnectionError(error)) throw error;
    log.error({ err: error, runId }, 'run could not be summed up');
    const reason = `The run could not be summarized: ${oneLine(error)}`;
    await moveRun(db.pool, runId, { from: ['running'], to: 'failed', reason });
  }
}

/** Samples scored in one statement. */
const atOnce = 500;

async function finish(db: Db, runId: string): Promise<void> {
  const run = await readRun(db, runId);
  if (run?.state !== 'running') return;
  const before = await countSamples(db, runId, sampleCount(run));
  if (before.missing > 0) return;
  const samples = await readSamples(db, runId, { without: Object.keys(run.benchmark.largeDetails ?? {}) });
  const summary = run.benchmark.summarize(samples, { samples: sampleCount(run), whole: run.whole });
  const scores = (summary.scores ?? []).map(({ sample, scores: own }) => ({
    sampleId: samples[sample]!.id,
    scores: own,
  }));
  for (let at = 0; at < scores.length; at += atOnce)
    await scoreSamples(db, run.benchmark, scores.slice(at, at + atOnce));
  const counts = await countSamples(db, runId, sampleCount(run));
  const speed = await speedOf(db, runId);
  await write(db, run, summary, { counts, ...speed });
}

async function write(
  db: Db,
  run: Run,
  { aggregates, incomplete, problems, result }: RunSummary,
  more: { counts: RunCounts; latency: Latency | null; seconds: number },
): Promise<void> {
  await transaction(db.pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE evaluation_run SET state = 'done', finished_at = now(), incomplete = $2, summary = $3
       WHERE id = $1 AND state = 'running'`,
      [run.id, incomplete, storableJson({ ...result, problems, ...more })],
    );
    // Somebody else was first.
    if (!rowCount) return;
    await client.query('SELECT pg_notify($1, $2)', [runChannel, run.id]);
    await client.query(`DELETE FROM aggregate WHERE run_id = $1`, [run.id]);
    await client.query(
      `INSERT INTO aggregate (run_id, metric, "group", n, mean, standard_error, low, high)
       SELECT $1, metric, "group", n, mean, "standardError", low, high FROM jsonb_to_recordset($2::jsonb)
         AS t(metric text, "group" text, n int, mean float8, "standardError" float8, low float8, high float8)`,
      [
        run.id,
        JSON.stringify(
          aggregates.map(({ interval, ...one }) => ({
            ...one,
            low: interval?.[0] ?? null,
            high: interval?.[1] ?? null,
          })),
        ),
      ],
    );
  });
}

export interface Latency {
  /** Milliseconds of the model's calls alone; outputs from the cache do not count. */
  p50: number;
  p95: number;
  n: number;
}

/** @returns seconds: from the start of the run until now, without the time that it was paused */
async function speedOf(db: Db, runId: string): Promise<{ latency: Latency | null; seconds: number }> {
  const { rows } = await db.pool.query<{ p50: number | null; p95: number; n: number; seconds: number }>(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) AS p50,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) AS p95, count(latency_ms)::int AS n,
       (SELECT extract(epoch FROM now() - created_at)::float8 - paused_ms / 1000 FROM evaluation_run WHERE id = $1) AS seconds
     FROM sample WHERE run_id = $1`,
    [runId],
  );
  const { p50 = null, p95 = 0, n = 0, seconds = 0 } = rows[0] ?? {};
  return { latency: p50 === null ? null : { p50, p95, n }, seconds };
}
