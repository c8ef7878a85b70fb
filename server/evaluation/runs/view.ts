import { allBenchmarks, findBenchmark } from '../../../eval/benchmarks';
import { infoOf, type MetricInfo } from '../../../eval/benchmarks/metric';
import { runSettingsSchema } from '../../../eval/benchmarks/settings';
import { countsOf, type RunCounts } from '../sample-store';
import type { Reader } from '../../accounts/run-access';
import type { Visibility } from '../labels';
import { publicText } from './redact';
import type { RunRow, RunState } from './schema';
import { traitsOf } from './traits';

/** A row of `runRowSql`. */
export interface RunRecord {
  id: string;
  state: RunState;
  reason: string | null;
  benchmark: string;
  title: string;
  task: RunRow['benchmark']['task'];
  synthetic: boolean;
  model: string;
  version: string;
  kind: RunRow['model']['kind'];
  revision_id: string;
  recorded: boolean;
  visibility: Visibility;
  name: string | null;
  note: string | null;
  tags: string[];
  settings: Record<string, unknown>;
  fingerprint_of: Record<string, unknown>;
  protocol: string;
  items: number;
  all_items: number;
  asked: Record<string, unknown> | null;
  preparing: boolean;
  expected: number;
  generated: number;
  scored: number;
  failed: number;
  unscored: number;
  cached: number;
  incomplete: boolean | null;
  started_by: string | null;
  owner_id: string | null;
  created_at: Date;
  finished_at: Date | null;
  headline: { metric: string; mean: number; low: number | null; high: number | null; n: number } | null;
}

/** The main figure of each benchmark, for the statement below. */
const mains = () =>
  JSON.stringify(Object.fromEntries(allBenchmarks().map(({ name, metrics: [main] }) => [name, main.metric])));

/** SQL: everything about a run that a list shows; `r` is the run, `b` its benchmark, `m` its model. */
export const runRowSql = () => `
  SELECT r.id, r.state, r.reason, b.name AS benchmark, b.title, b.task, b.synthetic, m.name AS model, v.version, v.kind,
    r.revision_id, r.recorded, r.visibility, r.name, r.note, r.tags, r.settings, r.fingerprint_of, d.protocol,
    r.item_count AS items, d.item_count AS all_items, r.fingerprint_of -> 'settings' AS asked,
    r.request IS NOT NULL AS preparing, r.item_count * r.repeats AS expected, c.generated, c.scored, c.failed, c.unscored, c.cached,
    r.incomplete, u.name AS started_by, r.started_by AS owner_id, r.created_at, r.finished_at,
    CASE WHEN r.state = 'done' AND a.mean IS NOT NULL THEN
      jsonb_build_object('metric', a.metric, 'mean', a.mean, 'low', a.low, 'high', a.high, 'n', a.n) END AS headline
  FROM evaluation_run r
  JOIN run_count c ON c.run_id = r.id
  JOIN benchmark_version d ON d.id = r.version_id
  JOIN benchmark b ON b.id = d.benchmark_id
  JOIN model_revision v ON v.id = r.revision_id
  JOIN model m ON m.id = v.model_id
  LEFT JOIN account_user u ON u.id = r.started_by
  LEFT JOIN aggregate a ON a.run_id = r.id AND a."group" = '' AND a.metric = '${mains()}'::jsonb ->> b.name`;

/** How its figures are to be read; of a benchmark that this version does not know, nothing is. */
export const metricsOf = (benchmark: string): MetricInfo[] =>
  findBenchmark(benchmark)?.metrics.map(infoOf) ?? [];

/**
 * Samples that are through: answers that are scored all together at the end count once they are there, the others with
 * their scores.
 */
export const throughOf = (benchmark: string, counts: RunCounts): number =>
  counts.expected - counts.missing - (findBenchmark(benchmark)?.measure === null ? 0 : counts.generated);

export function runRow(row: RunRecord, { user }: Reader): RunRow {
  const counts = countsOf(row, row.expected);
  const { headline } = row;
  const info = findBenchmark(row.benchmark)?.metrics[0] ?? null;
  return {
    id: row.id,
    state: row.state,
    reason: row.reason === null || user ? row.reason : publicText(row.reason),
    benchmark: { name: row.benchmark, title: row.title, task: row.task, synthetic: row.synthetic },
    model: { name: row.model, version: row.version, kind: row.kind, revisionId: row.revision_id },
    ...{ recorded: row.recorded, visibility: row.visibility, name: row.name, tags: row.tags },
    traits: traitsOf({
      ...{ settings: row.settings, items: row.items, allItems: row.all_items },
      fingerprintOf: { protocol: row.protocol, ...row.fingerprint_of },
    }),
    chosen: chosenOf(row.asked ?? {}),
    preparing: row.preparing,
    headline: headline &&
      info && {
        metric: headline.metric,
        mean: headline.mean,
        interval: intervalOf(headline),
        n: headline.n,
        unit: info.unit,
        decimals: info.decimals,
        provisional: false,
      },
    done: throughOf(row.benchmark, counts),
    expected: row.expected,
    scored: counts.scored,
    items: { measured: row.items, all: row.all_items },
    failed: row.failed,
    incomplete: row.incomplete,
    startedBy: user ? row.started_by : null,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

/** What every run has that names nothing else. */
const usual: Record<string, unknown> = runSettingsSchema.parse({});

function chosenOf(asked: Record<string, unknown>): RunRow['chosen'] {
  const others = Object.entries(asked).filter(
    (entry): entry is [string, string | number] =>
      (typeof entry[1] === 'string' || typeof entry[1] === 'number') && entry[1] !== usual[entry[0]],
  );
  return Object.fromEntries(others);
}

export const intervalOf = ({
  low,
  high,
}: {
  low: number | null;
  high: number | null;
}): [number, number] | null => (low === null || high === null ? null : [low, high]);
