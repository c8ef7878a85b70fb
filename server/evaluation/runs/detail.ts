import { LRUCache } from 'lru-cache';
import { findBenchmark } from '../../../eval/benchmarks';
import type { Db } from '../../platform/db/client';
import { countsOf } from '../sample-store';
import { isPreparing } from '../data';
import { mayEdit, maySetVisibility, noRun, readableSql, type Reader } from '../../accounts/run-access';
import { withProvisional } from './provisional';
import { publicText } from './redact';
import type { RunDetail } from './schema';
import { presetOf } from './traits';
import { intervalOf, metricsOf, runRow, runRowSql, type RunRecord } from './view';

/** The row of a run. @throws StudioError NOT_FOUND, also for one that is not for this reader */
export async function readRunRow(db: Db, reader: Reader, id: string): Promise<RunRecord> {
  const { rows } = await db.pool.query<RunRecord>(
    `${runRowSql()} WHERE r.id = $1 AND ${readableSql(reader)}`,
    [id],
  );
  if (!rows[0]) throw noRun();
  return rows[0];
}

interface MoreRecord {
  protocol: string;
  dataset_hash: string;
  problems: { where: string; reason: string }[];
  settings: Record<string, unknown>;
  repeats: number;
  fingerprint: string;
  fingerprint_of: Record<string, unknown>;
  provenance: Record<string, unknown>;
  summary: Record<string, unknown> | null;
  source_id: string | null;
  aggregates: {
    metric: string;
    group: string;
    n: number;
    mean: number;
    standard_error: number | null;
    low: number | null;
    high: number | null;
  }[];
}

/** Everything about a run but its samples. @throws StudioError NOT_FOUND */
export async function readRunDetail(db: Db, reader: Reader, id: string): Promise<RunDetail> {
  const [row, { rows }, problems, groups] = await Promise.all([
    readRunRow(db, reader, id),
    db.pool.query<MoreRecord>(
      `SELECT d.protocol, d.dataset_hash, d.problems, r.settings, r.repeats, r.fingerprint, r.fingerprint_of, r.provenance,
         r.summary, (SELECT o.id FROM evaluation_run o WHERE o.id = r.source_id AND ${readableSql(reader, 'o')})
           AS source_id, coalesce((SELECT jsonb_agg(to_jsonb(a) - 'run_id' ORDER BY a.metric, a."group")
           FROM aggregate a WHERE a.run_id = r.id), '[]') AS aggregates
       FROM evaluation_run r JOIN benchmark_version d ON d.id = r.version_id WHERE r.id = $1`,
      [id],
    ),
    db.pool.query<{ reason: string; n: number }>(
      `SELECT error AS reason, count(*)::int AS n FROM sample
       WHERE run_id = $1 AND state IN ('failed', 'unscored') GROUP BY error ORDER BY n DESC, error LIMIT 50`,
      [id],
    ),
    groupsOf(db, id),
  ]);
  const more = rows[0];
  if (!more) throw noRun();
  const preparing = isPreparing(more.dataset_hash);
  const { latency = null, seconds = null } = (more.summary ?? {}) as {
    latency?: RunDetail['latency'];
    seconds?: number;
  };
  const told = ({ reason, ...one }: { reason: string; where?: string; n?: number }) => ({
    ...one,
    reason: reader.user ? reason : publicText(reason),
  });
  return {
    ...(await withProvisional(db, row, runRow(row, reader))),
    note: row.note,
    may: {
      edit: mayEdit(reader, { startedBy: row.owner_id, published: row.visibility === 'published' }),
      setVisibility: maySetVisibility(reader, row.owner_id),
    },
    protocol: more.protocol,
    dataset: preparing ? '' : more.dataset_hash,
    groups,
    metrics: metricsOf(row.benchmark),
    aggregates: more.aggregates.map(({ metric, group, n, mean, standard_error, ...one }) => ({
      ...{ metric, group, n, mean, standardError: standard_error, interval: intervalOf(one) },
    })),
    counts: countsOf(row, row.expected),
    latency,
    seconds,
    problems: merged(problems.rows.map((one) => told(one) as { reason: string; n: number })),
    dataProblems: more.problems.slice(0, 1000).map((one) => told(one) as { where: string; reason: string }),
    settings: more.settings,
    preset: presetOf({ fingerprintOf: more.fingerprint_of }),
    repeats: more.repeats,
    fingerprint: preparing ? { id: '', of: {} } : { id: more.fingerprint, of: more.fingerprint_of },
    provenance: reader.user ? more.provenance : publicProvenance(more.provenance),
    summary: more.summary,
    sweep: findBenchmark(row.benchmark)?.sweep !== undefined && row.scored > 0,
    sourceId: more.source_id,
  };
}

/** Reasons that read the same once they are redacted are one. */
function merged(problems: { reason: string; n: number }[]): { reason: string; n: number }[] {
  const all = new Map<string, number>();
  for (const { reason, n } of problems) all.set(reason, (all.get(reason) ?? 0) + n);
  return [...all].map(([reason, n]) => ({ reason, n })).sort((a, b) => b.n - a.n);
}

/** What of the provenance is the team's own: hosts, endpoints and their limits. What is left out is not told. */
function publicProvenance(provenance: Record<string, unknown>): Record<string, unknown> {
  const { commit, dirty, packages, node, cache, machine, workers } = provenance as {
    machine?: Record<string, unknown>;
    workers?: Record<string, unknown>[];
  } & Record<string, unknown>;
  const { system, cpu, cores, memoryBytes } = machine ?? {};
  return {
    ...{ commit, dirty, packages, node, cache },
    ...(machine ? { machine: { system, cpu, cores, memoryBytes } } : {}),
    ...(workers
      ? { workers: [...new Set(workers.map(({ device }) => device))].map((device) => ({ device })) }
      : {}),
  };
}

/** What a run measures does not change: read once a process. */
const known = new LRUCache<string, string[]>({ max: 1000 });

/** The groups of the items of a run, in the order of the data set. */
export async function groupsOf(db: Db, id: string): Promise<string[]> {
  const found = known.get(id);
  if (found) return found;
  const { rows } = await db.pool.query<{ group: string }>(
    `SELECT i."group" FROM evaluation_run r JOIN item i ON i.version_id = r.version_id
     WHERE r.id = $1 AND (cardinality(r.items) = 0 OR i.position = ANY(r.items))
     GROUP BY i."group" ORDER BY min(i.position)`,
    [id],
  );
  const groups = rows.map(({ group }) => group);
  if (groups.length === 0) return groups;
  known.set(id, groups);
  return groups;
}
