import type { Benchmark } from '../../../eval/benchmarks/definition';
import { scaleOf } from '../../../eval/benchmarks/metric';
import type { Db } from '../../platform/db/client';
import { publishedSql, readableSql, type Reader } from '../../accounts/run-access';
import type { Visibility } from '../labels';
import type { BoardKey } from '../pair-tests';

/** A run that stands on the leaderboard, with what its row says. */
export interface BoardRun extends BoardKey {
  id: string;
  model: string;
  version: string;
  kind: 'directory' | 'endpoint' | 'imported';
  recorded: boolean;
  visibility: Visibility;
  name: string | null;
  note: string | null;
  tags: string[];
  incomplete: boolean;
  finishedAt: Date;
  protocol: string;
  dataset: string;
  /** Items measured, and how many the data set has. */
  items: number;
  allItems: number;
  repeats: number;
  settings: Record<string, unknown>;
  fingerprintOf: { benchmark: string } & Record<string, unknown>;
  commit: string | null;
  dirty: boolean | null;
  latencyMs: number | null;
  aggregates: StoredAggregate[];
}

export interface StoredAggregate {
  metric: string;
  group: string;
  n: number;
  mean: number;
  low: number | null;
  high: number | null;
}

/**
 * Which runs: of a benchmark, of one board, or one model's on a benchmark; by default only the newest of each kind.
 * All published, so that everybody sees one leaderboard; or one run that a reader may read.
 */
export type RunChoice =
  | { benchmark: string; model?: string; everyRun?: boolean }
  | { board: BoardKey }
  | { run: string; reader: Reader };

/**
 * The newest published run of each model revision and fingerprint. Of an endpoint the fingerprint of the run and the
 * revision tell two set-ups apart.
 * @param limit of runs, newest first where `everyRun` is wanted
 */
export async function readRuns(db: Db, choice: RunChoice): Promise<BoardRun[]> {
  const values: unknown[] = [];
  const value = (one: unknown) => `$${values.push(one)}`;
  const conditions = [`r.state = 'done'`, 'run' in choice ? readableSql(choice.reader) : publishedSql];
  if ('board' in choice)
    conditions.push(
      `r.version_id = ${value(choice.board.versionId)} AND r.fingerprint = ${value(choice.board.fingerprint)}`,
    );
  else if ('run' in choice) conditions.push(`r.id = ${value(choice.run)}`);
  else {
    conditions.push(
      `r.version_id IN (SELECT v.id FROM benchmark_version v JOIN benchmark b ON b.id = v.benchmark_id
         WHERE b.name = ${value(choice.benchmark)})`,
    );
    if (choice.model !== undefined) conditions.push(`m.name = ${value(choice.model)}`);
  }
  const every = 'everyRun' in choice && choice.everyRun;
  const distinct = every ? '' : 'DISTINCT ON (r.revision_id, r.fingerprint)';
  const order = every
    ? 'r.created_at DESC, r.id DESC'
    : 'r.revision_id, r.fingerprint, r.created_at DESC, r.id DESC';
  const { rows } = await db.pool.query<BoardRun>(
    `SELECT run.*, coalesce((SELECT jsonb_agg(jsonb_build_object('metric', a.metric, 'group', a."group", 'n', a.n,
         'mean', a.mean, 'low', a.low, 'high', a.high)) FROM aggregate a WHERE a.run_id = run.id), '[]'::jsonb)
       AS aggregates
     FROM (SELECT ${distinct} r.id, r.version_id AS "versionId", r.fingerprint, m.name AS model, rev.version, rev.kind,
         r.recorded, r.incomplete, r.visibility, r.name, r.note, r.tags, r.finished_at AS "finishedAt", bv.protocol, bv.dataset_hash AS dataset,
         r.item_count AS items, bv.item_count AS "allItems", r.repeats, r.settings,
         r.fingerprint_of AS "fingerprintOf", r.provenance ->> 'commit' AS commit,
         (r.provenance ->> 'dirty')::boolean AS dirty,
         (r.summary #>> '{latency,p50}')::float8 AS "latencyMs"
       FROM evaluation_run r JOIN benchmark_version bv ON bv.id = r.version_id
         JOIN model_revision rev ON rev.id = r.revision_id JOIN model m ON m.id = rev.model_id
       WHERE ${conditions.join(' AND ')}
       ORDER BY ${order} ${every ? 'LIMIT 500' : ''}) run`,
    values,
  );
  return rows;
}

/** The main figure of a run, in the unit of its column; null where it has none. */
export function mainOf(run: BoardRun, { metrics: [main] }: Benchmark): number | null {
  const found = run.aggregates.find(({ metric, group }) => metric === main.metric && group === '');
  return found ? found.mean * scaleOf(main) : null;
}
