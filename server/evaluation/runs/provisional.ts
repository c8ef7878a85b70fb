import { LRUCache } from 'lru-cache';
import { benchmarkOf, findBenchmark } from '../../../eval/benchmarks';
import type { Db } from '../../platform/db/client';
import { readSamples } from '../sample-store';
import type { RunRow } from './schema';

type Headline = NonNullable<RunRow['headline']>;

/** What of a run decides what its score is so far. */
export interface Unfinished {
  id: string;
  benchmark: string;
  state: string;
  preparing: boolean;
  expected: number;
  generated: number;
  scored: number;
}

/** Of more that can only be summed up as a whole nothing is said before the end. */
const mostSummed = 5000;
/** A run that goes fast is not summed up for each of its samples. */
const restMs = 2000;

const kept = new LRUCache<string, { counts: string; at: number; headline: Promise<Headline | null> }>({
  max: 500,
});

/**
 * The main figure of a run that goes on, of the samples that are scored by now, as the end will sum it up. It has no
 * interval: what is measured first is not drawn at random. Null for a run that has ended or has nothing scored.
 */
export function provisionalOf(db: Db, run: Unfinished): Promise<Headline | null> {
  const { id, state, preparing, generated, scored } = run;
  if ((state !== 'running' && state !== 'paused') || preparing || generated + scored === 0)
    return Promise.resolve(null);
  const counts = `${generated} ${scored}`;
  const known = kept.get(id);
  if (known && (known.counts === counts || performance.now() - known.at < restMs)) return known.headline;
  const headline = read(db, run);
  kept.set(id, { counts, at: performance.now(), headline });
  headline.catch(() => kept.delete(id));
  return headline;
}

/** A row of a run with its score so far, where it has no other. */
export async function withProvisional<Row extends Pick<RunRow, 'headline'>>(
  db: Db,
  run: Unfinished,
  row: Row,
): Promise<Row> {
  return row.headline ? row : { ...row, headline: await provisionalOf(db, run) };
}

async function read(
  db: Db,
  { id, benchmark, expected, generated, scored }: Unfinished,
): Promise<Headline | null> {
  const known = findBenchmark(benchmark);
  if (!known) return null;
  const {
    metrics: [{ metric, unit, decimals }],
    mainIs,
  } = known;
  let found: { mean: number | null; n: number } | undefined;
  if (mainIs === 'of the whole') {
    if (generated + scored > mostSummed) return null;
    const samples = await readSamples(db, id, { without: Object.keys(known.largeDetails ?? {}) });
    const { summarize } = await benchmarkOf(benchmark);
    const { aggregates } = summarize(samples, { samples: expected, whole: false });
    found = aggregates.find((one) => one.metric === metric && one.group === '');
  } else {
    const { rows } = await db.pool.query<{ mean: number | null; n: number }>(
      mainIs === 'mean of groups' ? ofGroups : ofItems,
      [id],
    );
    found = rows[0];
  }
  if (!found || found.mean === null || found.n === 0) return null;
  return { metric, mean: found.mean, interval: null, n: found.n, unit, decimals, provisional: true };
}

/** The mean of the groups, each the share of its samples that are right. */
const ofGroups = `SELECT avg(mean)::float8 AS mean, coalesce(sum(n), 0)::int AS n FROM (
  SELECT avg(s.correct::int) AS mean, count(*) AS n FROM sample s JOIN item i ON i.id = s.item_id
  WHERE s.run_id = $1 AND s.state = 'scored' AND s.correct IS NOT NULL GROUP BY i."group") AS tasks`;

/** The mean of the items, each the mean of its samples. */
const ofItems = `SELECT avg(mean)::float8 AS mean, coalesce(sum(n), 0)::int AS n FROM (
  SELECT avg(value) AS mean, count(*) AS n FROM sample
  WHERE run_id = $1 AND state = 'scored' AND value IS NOT NULL GROUP BY item_id) AS items`;
