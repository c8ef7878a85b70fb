import { z } from 'zod';
import type { Problem } from '../../eval/benchmarks/problem';
import type { Db, Prisma } from '../platform/db/client';
import type { Visibility } from './labels';
import { StudioError } from '../platform/errors/errors';
import type { RunState } from './run-store';
import { presetOf } from './runs/traits';
import { countSamples, type RunCounts } from './sample-store';

/** A run as people and scripts read it. */
export interface RunReport {
  run: string;
  state: RunState;
  /** Who may read it. */
  visibility: Visibility;
  /** What people call it, and say of it. */
  name: string | null;
  note: string | null;
  tags: string[];
  /** Why it failed or paused by itself. */
  reason: string | null;
  benchmark: { name: string; title: string; synthetic: boolean; protocol: string; dataset: string };
  model: {
    name: string;
    version: string;
    kind: string;
    hash: string;
    /** Of a directory: sha256 of each file. */
    files?: Record<string, string>;
  };
  settings: unknown;
  /** The preset that its evaluators are of; null for others, and where there is no choice. */
  preset: string | null;
  counts: RunCounts;
  /** Once done: whether it is not to be ranked, because something that the protocol asks for is missing. */
  incomplete: boolean | null;
  /** Once done. */
  aggregates: AggregateReport[];
  summary: Record<string, unknown> | null;
  fingerprint: { id: string } & Record<string, unknown>;
  provenance: unknown;
  /** Items of the data set that could not be used: [{where, reason}]. */
  dataProblems: Problem[];
  /** How many samples failed or could not be measured, by reason. */
  problems: Record<string, number>;
  createdAt: Date;
  finishedAt: Date | null;
}

type Labels = Pick<RunReport, 'visibility' | 'name' | 'note' | 'tags'>;

export interface AggregateReport {
  metric: string;
  /** Empty for the run as a whole. */
  group: string;
  n: number;
  mean: number;
  standardError: number | null;
  interval: [number, number] | null;
}

/** What a list of runs tells as well. */
const reported = {
  ...{ id: true, state: true, incomplete: true, createdAt: true },
  ...{ visibility: true, name: true, note: true, tags: true },
  version: {
    select: { protocol: true, datasetHash: true, problems: true, benchmark: true },
  },
  revision: { select: { version: true, kind: true, manifestHash: true, manifest: true, model: true } },
  aggregates: { orderBy: [{ metric: 'asc' }, { group: 'asc' }] },
} satisfies Prisma.EvaluationRunSelect;

function reportOf({
  id,
  state,
  incomplete,
  createdAt,
  version,
  revision,
  aggregates,
  ...labels
}: Prisma.EvaluationRunGetPayload<{ select: typeof reported }>) {
  const { name, title, synthetic } = version.benchmark;
  return {
    ...{ run: id, state, incomplete, createdAt },
    ...{ visibility: labels.visibility, name: labels.name, note: labels.note, tags: labels.tags },
    benchmark: { name, title, synthetic, protocol: version.protocol, dataset: version.datasetHash },
    model: {
      name: revision.model.name,
      version: revision.version,
      kind: revision.kind,
      hash: revision.manifestHash,
      ...(revision.kind === 'directory' ? { files: filesOf(revision.manifest) } : {}),
    },
    aggregates: aggregates.map(({ metric, group, n, mean, standardError, low, high }) => ({
      ...{ metric, group, n, mean, standardError },
      interval: low === null || high === null ? null : ([low, high] as [number, number]),
    })),
  };
}

/** @throws StudioError NOT_FOUND */
export async function reportRun(db: Db, id: string): Promise<RunReport> {
  const row = await db.prisma.evaluationRun.findUnique({
    where: { id },
    select: {
      ...reported,
      ...{ reason: true, settings: true, itemCount: true, repeats: true, summary: true, fingerprint: true },
      ...{ fingerprintOf: true, provenance: true, finishedAt: true },
    },
  });
  if (!row) throw new StudioError('NOT_FOUND', `The run ${id} doesn’t exist.`);
  const problems = await db.pool.query<{ error: string; n: number }>(
    `SELECT error, count(*)::int AS n FROM sample WHERE run_id = $1 AND error IS NOT NULL
     GROUP BY error ORDER BY n DESC, error LIMIT 50`,
    [id],
  );
  return {
    ...reportOf(row),
    reason: row.reason,
    settings: row.settings,
    preset: presetOf({ fingerprintOf: row.fingerprintOf as Record<string, unknown> }),
    counts: await countSamples(db, id, row.itemCount * row.repeats),
    summary: row.summary as Record<string, unknown> | null,
    fingerprint: { id: row.fingerprint, ...(row.fingerprintOf as Record<string, unknown>) },
    provenance: row.provenance,
    dataProblems: row.version.problems as unknown as Problem[],
    problems: Object.fromEntries(problems.rows.map(({ error, n }) => [error, n])),
    finishedAt: row.finishedAt,
  };
}

const manifestFiles = z.object({ files: z.record(z.string(), z.object({ sha256: z.string() })) });

const filesOf = (manifest: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(manifestFiles.parse(manifest).files).map(([name, { sha256 }]) => [name, sha256]),
  );

/** Newest first, in one statement for any number of them. */
export async function listRuns(
  db: Db,
  { benchmark, limit = 50 }: { benchmark?: string; limit?: number } = {},
): Promise<
  Pick<
    RunReport,
    'run' | 'state' | 'benchmark' | 'model' | 'incomplete' | 'aggregates' | 'createdAt' | keyof Labels
  >[]
> {
  const rows = await db.prisma.evaluationRun.findMany({
    where: benchmark === undefined ? {} : { version: { benchmark: { name: benchmark } } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: reported,
  });
  return rows.map(reportOf);
}
