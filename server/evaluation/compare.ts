import { compareRuns, pairedBootstrap } from '../../eval/statistics';
import type { Db } from '../db/client';
import { StudioError } from '../errors/errors';
import { reportRun } from './report';

/** What differs between two runs on the items that both have scored. */
export interface RunComparison {
  first: { run: string; model: string };
  second: { run: string; model: string };
  /** Parts of the fingerprints that differ: where there are any, the figures are not of the same measurement. */
  differences: string[];
  /** Samples that both have scored. */
  common: number;
  /** Scored by only one of them. */
  alone: { first: number; second: number };
  metrics: MetricComparison[];
}

export interface MetricComparison {
  metric: string;
  first: number;
  second: number;
  /** Second minus first. */
  difference: number;
  /** McNemar's test of right and wrong, paired bootstrap of other figures. */
  test: 'mcnemar' | 'paired bootstrap';
  p: number | null;
  /** 95 % interval of the difference; null for McNemar's. */
  interval: readonly [number, number] | null;
  /** Samples that only the second, or only the first has right, or in which it is ahead. */
  gained: number;
  lost: number;
  /** Of the second run. A difference inside the noise is a tie. */
  verdict: 'better' | 'worse' | 'tie';
}

/** Metrics of which less is better. */
const lessIsBetter = new Set(['l1']);

/**
 * Compares two runs sample by sample.
 * @throws StudioError NOT_FOUND, BAD_REQUEST when they are of different benchmarks or have no sample in common
 */
export async function compare(db: Db, firstId: string, secondId: string): Promise<RunComparison> {
  const [a, b] = await Promise.all([reportRun(db, firstId), reportRun(db, secondId)]);
  if (a.benchmark.name !== b.benchmark.name)
    throw new StudioError(
      'BAD_REQUEST',
      `The runs are of different benchmarks, ${a.benchmark.title} and ${b.benchmark.title}.`,
    );
  const { rows } = await db.pool.query<{ metric: string; first: number; second: number }>(
    `WITH one AS (SELECT i.key, s.repeat, c.metric, c.value FROM sample s JOIN item i ON i.id = s.item_id
         JOIN score c ON c.sample_id = s.id WHERE s.run_id = $1),
       two AS (SELECT i.key, s.repeat, c.metric, c.value FROM sample s JOIN item i ON i.id = s.item_id
         JOIN score c ON c.sample_id = s.id WHERE s.run_id = $2)
     SELECT metric, one.value AS first, two.value AS second FROM one JOIN two USING (key, repeat, metric)
     ORDER BY metric, key, repeat`,
    [firstId, secondId],
  );
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  if (metrics.length === 0) throw new StudioError('BAD_REQUEST', 'The runs have no scored sample in common.');
  const common = rows.filter(({ metric }) => metric === metrics[0]).length;
  return {
    first: { run: a.run, model: `${a.model.name} ${a.model.version}` },
    second: { run: b.run, model: `${b.model.name} ${b.model.version}` },
    differences: differencesOf(a.fingerprint, b.fingerprint),
    common,
    alone: { first: a.counts.scored - common, second: b.counts.scored - common },
    metrics: metrics.map((metric) =>
      compareMetric(
        metric,
        rows.filter((row) => row.metric === metric),
      ),
    ),
  };
}

function compareMetric(
  metric: string,
  pairs: readonly { first: number; second: number }[],
): MetricComparison {
  const first = pairs.map((pair) => pair.first);
  const second = pairs.map((pair) => pair.second);
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const common = { metric, first: mean(first), second: mean(second), difference: mean(second) - mean(first) };
  if (metric === 'correct') {
    const right = (values: readonly number[]) => values.map((value) => value === 1);
    const { gained, lost, p, verdict } = compareRuns(right(first), right(second));
    return { ...common, test: 'mcnemar', p, interval: null, gained, lost, verdict };
  }
  const lowerIsBetter = lessIsBetter.has(metric);
  const { interval, verdict } = pairedBootstrap(first, second, { lowerIsBetter });
  const ahead = pairs.filter(
    (pair) => pair.second !== pair.first && pair.second < pair.first === lowerIsBetter,
  );
  const behind = pairs.filter(
    (pair) => pair.second !== pair.first && pair.second > pair.first === lowerIsBetter,
  );
  return {
    ...common,
    test: 'paired bootstrap',
    p: null,
    interval,
    gained: ahead.length,
    lost: behind.length,
    verdict,
  };
}

function differencesOf(a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => name !== 'id' && JSON.stringify(a[name]) !== JSON.stringify(b[name]))
    .sort();
}
