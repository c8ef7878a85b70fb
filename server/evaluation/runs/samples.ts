import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { findBenchmark } from '../../../eval/benchmarks';
import { sampleMetricOf } from '../../../eval/benchmarks/definition';
import type { Db } from '../../platform/db/client';
import { needReadable, type Reader } from '../../accounts/run-access';
import { decodeCursor, encodeCursor } from './cursor';
import { isOwnMetric, passesAll, samplesWhere, type ReadyFilter } from './sample-filter';
import type { listSamplesSchema, SampleTile } from './schema';
import { tilesOf } from './tiles';

/** Counted no further: a page says so many at least. */
const mostCounted = 100_000;

/** The benchmark of a run does not change: read once a process. */
const ownMetrics = new LRUCache<string, string>({ max: 1000 });

/** The metric that the samples of a run are known by; undefined where there is no such run, or nobody knows it. */
async function ownMetricOf(db: Db, runId: string): Promise<string | undefined> {
  const found = ownMetrics.get(runId);
  if (found !== undefined) return found;
  const { rows } = await db.pool.query<{ name: string }>(
    `SELECT b.name FROM evaluation_run r JOIN benchmark_version d ON d.id = r.version_id
       JOIN benchmark b ON b.id = d.benchmark_id WHERE r.id = $1`,
    [runId],
  );
  const benchmark = rows[0] && findBenchmark(rows[0].name);
  if (!benchmark) return undefined;
  ownMetrics.set(runId, sampleMetricOf(benchmark));
  return sampleMetricOf(benchmark);
}

/** How a list goes on: by which figure, upwards or downwards; then by place. */
interface Order {
  /** SQL; null for the order of the items alone. */
  key: string | null;
  down: boolean;
  /** Joins what `key` needs. */
  join: string;
}

function orderOf(
  { order, metric }: ReadyFilter,
  own: string | undefined,
  given: (value: unknown) => string,
): Order {
  if (order === 'item') return { key: null, down: false, join: '' };
  // The closest decisions first: those that went wrong by little are as close as those that went right by little.
  if (order === 'margin') return { key: 's.margin', down: false, join: '' };
  if (order === 'slowest') return { key: 's.latency_ms', down: true, join: '' };
  const down = order === 'highest';
  if (isOwnMetric(metric, own)) return { key: 's.value', down, join: '' };
  const join = `JOIN score k ON k.sample_id = s.id AND k.metric = ${given(metric)}`;
  return { key: 'k.value', down, join };
}

/**
 * A page of samples of a run. Two statements: one finds the page in an index, the other reads what its tiles show.
 * @throws StudioError NOT_FOUND; BAD_REQUEST for a cursor of another order
 */
export async function listSamples(
  db: Db,
  reader: Reader,
  { runId, filter, cursor, limit }: z.output<typeof listSamplesSchema>,
): Promise<{ items: SampleTile[]; nextCursor: string | null; total: number | null }> {
  const own = filter.metric === undefined ? undefined : await ownMetricOf(db, runId);
  const { text, values } = samplesWhere(runId, filter, { own, publicly: !reader.user });
  const filters = values.length;
  const given = (value: unknown) => `$${values.push(value)}`;
  const { key, down, join } = orderOf(filter, own, given);
  const listName = `samples:${filter.order}:${filter.metric ?? ''}`;
  const after = down ? '<' : '>';
  let from = '';
  if (cursor && key === null) {
    const [position, repeat] = decodeCursor(listName, [z.int32(), z.int32()], cursor);
    from = `AND (s.position, s.repeat) > (${given(position)}::int, ${given(repeat)}::int)`;
  } else if (cursor) {
    const [value, position, repeat] = decodeCursor(listName, [z.number(), z.int32(), z.int32()], cursor);
    from = `AND (${key}, s.position, s.repeat) ${after} (${given(value)}::float8, ${given(position)}::int, ${given(repeat)}::int)`;
  }
  const direction = down ? 'DESC' : 'ASC';
  const place = `s.position ${direction}, s.repeat ${direction}`;
  const [{ rows }, total] = await Promise.all([
    db.pool.query<{ id: string; position: number; repeat: number; key: number | null }>(
      `SELECT s.id, s.position, s.repeat, ${key ?? 'NULL::float8'} AS key FROM sample s ${join} WHERE ${text} ${from}
       ORDER BY ${key === null ? '' : `${key} ${direction}, `}${place} LIMIT ${given(limit + 1)}`,
      values,
    ),
    cursor ? null : countOf(db, filter, { text, values: values.slice(0, filters) }),
    needReadable(db.pool, reader, runId),
  ]);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: await tilesOf(
      db,
      reader,
      page.map(({ id }) => id),
    ),
    nextCursor: last
      ? encodeCursor(listName, [...(last.key === null ? [] : [last.key]), last.position, last.repeat])
      : null,
    total,
  };
}

/** Of all samples the run's own counter; of a filter so many as an index tells, up to a limit. */
async function countOf(
  db: Db,
  filter: ReadyFilter,
  { text, values }: { text: string; values: unknown[] },
): Promise<number> {
  const { rows } = passesAll(filter)
    ? await db.pool.query<{ n: number }>(
        `SELECT generated + scored + failed + unscored AS n FROM run_count WHERE run_id = $1`,
        [values[0]],
      )
    : await db.pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM (SELECT 1 FROM sample s WHERE ${text} LIMIT ${mostCounted}) AS few`,
        values,
      );
  return rows[0]?.n ?? 0;
}
