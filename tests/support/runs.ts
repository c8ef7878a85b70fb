import { createHash, randomUUID } from 'node:crypto';
import type { Db } from '../../server/platform/db/client';
import type { Visibility } from '../../server/evaluation/labels';

/** Runs that are done, made row by row, for what reads them. */

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export interface MadeRun {
  benchmark?: 'geneval' | 'synthetic-edits';
  model: string;
  version?: string;
  kind?: 'directory' | 'endpoint' | 'imported';
  /** Of each item, the values of its samples: 0 or 1, or the figure. */
  values: readonly (readonly number[])[];
  /** The groups of the items, in turns; one by default. */
  groups?: readonly string[];
  /** What sets its board apart. */
  settings?: Record<string, unknown>;
  incomplete?: boolean;
  recorded?: boolean;
  at?: Date;
  latencyMs?: number | null;
  /** Published by default: on the leaderboard. */
  visibility?: Visibility;
  startedBy?: string;
  name?: string;
  tags?: string[];
}

const protocols = { geneval: 'geneval 2', 'synthetic-edits': 'editing 1' };
const mains = { geneval: ['accuracy', 'correct'], 'synthetic-edits': ['dino_o', 'dino_o'] } as const;

/** @returns the run's id */
export async function makeRun(db: Db, given: MadeRun): Promise<string> {
  const { benchmark = 'geneval', model, version = '1.0', values, settings = { seed: 42 } } = given;
  const {
    kind = 'directory',
    incomplete = false,
    recorded = false,
    at = new Date(),
    latencyMs = 250,
  } = given;
  const protocol = protocols[benchmark];
  const dataset = sha256(`${benchmark} of ${values.length} in ${String(given.groups)}`);
  const groups = given.groups ?? [groupOf(benchmark)];
  const versionId = await needVersion(db, benchmark, { dataset, protocol, items: values.length, groups });
  const { id: modelId } = await db.prisma.model.upsert({
    where: { name: model },
    create: { name: model },
    update: {},
  });
  const manifestHash = sha256(`${model} ${version}`);
  const { id: revisionId } = await db.prisma.modelRevision.upsert({
    where: { manifestHash },
    create: { modelId, kind, manifestHash, version, manifest: {}, activatedAt: null },
    update: {},
  });
  const parts = {
    ...{ benchmark, protocol, dataset, items: 'all', repeats: values[0]?.length ?? 1, settings },
    evaluators: [{ kind: 'detector', name: 'made-detector', version: '1', hash: sha256('detector') }],
  };
  const id = randomUUID();
  await db.pool.query(
    `INSERT INTO evaluation_run (id, revision_id, version_id, state, settings, items, item_count, repeats, evaluators,
       fingerprint, fingerprint_of, provenance, summary, incomplete, recorded, created_at, finished_at, visibility,
       started_by, name, tags)
     VALUES ($1, $2, $3, 'done', $4, '{}', $5, $6, '{}', $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17)`,
    [
      ...[
        id,
        revisionId,
        versionId,
        JSON.stringify({ ...settings, steps: 12 }),
        values.length,
        parts.repeats,
      ],
      ...[sha256(JSON.stringify(parts)), JSON.stringify(parts)],
      JSON.stringify({ commit: 'c'.repeat(40), dirty: false, machine: { host: 'secret-host' } }),
      JSON.stringify({ latency: latencyMs === null ? null : { p50: latencyMs, p95: latencyMs, n: 1 } }),
      ...[incomplete, recorded, at],
      ...[given.visibility ?? 'published', given.startedBy ?? null, given.name ?? null, given.tags ?? []],
    ],
  );
  const [aggregate, metric] = mains[benchmark];
  for (const group of ['', ...groups]) {
    const own = values.filter((_, i) => group === '' || groups[i % groups.length] === group).flat();
    const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
    await db.pool.query(
      `INSERT INTO aggregate (run_id, metric, "group", n, mean, standard_error, low, high)
       VALUES ($1, $2, $3, $4, $5, 0.01, $5::float8 - 0.02, $5::float8 + 0.02)`,
      [id, aggregate, group, own.length, mean],
    );
  }
  await db.pool.query(
    `WITH made AS (
       INSERT INTO sample (id, run_id, item_id, repeat, state, text, latency_ms)
       SELECT gen_random_uuid(), $1, i.id, t.repeat, 'scored', 'made', $4
       FROM jsonb_to_recordset($2::jsonb) AS t(position int, repeat int) JOIN item i
         ON i.version_id = $3 AND i.position = t.position
       RETURNING id, item_id, repeat)
     INSERT INTO score (sample_id, metric, value)
     SELECT made.id, $5, t.value FROM made JOIN item i ON i.id = made.item_id
       JOIN jsonb_to_recordset($2::jsonb) AS t(position int, repeat int, value float8)
         ON t.position = i.position AND t.repeat = made.repeat`,
    [
      id,
      JSON.stringify(
        values.flatMap((samples, position) => samples.map((value, repeat) => ({ position, repeat, value }))),
      ),
      ...[versionId, latencyMs, metric],
    ],
  );
  return id;
}

const groupOf = (benchmark: string) => (benchmark === 'geneval' ? 'counting' : 'add');

async function needVersion(
  db: Db,
  name: 'geneval' | 'synthetic-edits',
  made: { dataset: string; protocol: string; items: number; groups: readonly string[] },
): Promise<string> {
  const { dataset, protocol, items, groups } = made;
  const task = name === 'geneval' ? 'generate' : 'edit';
  const { id: benchmarkId } = await db.prisma.benchmark.upsert({
    where: { name },
    create: { name, title: name, task, synthetic: false },
    update: {},
  });
  const known = await db.prisma.benchmarkVersion.findFirst({ where: { benchmarkId, datasetHash: dataset } });
  if (known) return known.id;
  const { id } = await db.prisma.benchmarkVersion.create({
    data: {
      ...{ benchmarkId, datasetHash: dataset, protocol, itemCount: items },
      items: {
        create: Array.from({ length: items }, (_, position) => ({
          ...{
            position,
            key: `made-${position}`,
            group: groups[position % groups.length]!,
            data: { prompt: `item ${position}` },
          },
        })),
      },
    },
  });
  return id;
}

/** Has everybody see runs that are done, or would be if a worker had made them. */
export async function publish(db: Db, ...ids: string[]): Promise<void> {
  await db.pool.query(
    `UPDATE evaluation_run SET state = 'done', reason = NULL, paused_at = NULL, finished_at = coalesce(finished_at, now()),
       summary = coalesce(summary, '{}'), incomplete = coalesce(incomplete, false), visibility = 'published'
     WHERE id = ANY($1::uuid[])`,
    [ids],
  );
}

/** So many items of so many samples, of which the first so many are right. */
export const verdicts = (items: number, right: number, repeats = 1): number[][] =>
  Array.from({ length: items }, (_, i) => Array.from({ length: repeats }, () => Number(i < right)));
