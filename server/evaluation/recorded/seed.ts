import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { z } from 'zod';
import { findBenchmark } from '../../../eval/benchmarks';
import type { Benchmark } from '../../../eval/benchmarks/definition';
import type { Db } from '../../platform/db/client';
import { storableJson } from '../../platform/db/text';
import { transaction } from '../../platform/db/transaction';
import { columnsOf } from '../sample-store';
import { unpackSamples, type RecordedPicture, type RecordedSamples } from './format';

/** The runs that a model directory brings along, as `recordRun` wrote them. */

/** What of a report the rows are made of. */
const reportSchema = z.object({
  run: z.uuid(),
  state: z.literal('done'),
  benchmark: z.object({ name: z.string(), protocol: z.string(), dataset: z.string() }),
  model: z.object({
    name: z.string(),
    version: z.string(),
    kind: z.enum(['directory', 'endpoint', 'imported']),
    hash: z.string(),
    files: z.record(z.string(), z.string()).optional(),
  }),
  settings: z.record(z.string(), z.unknown()),
  incomplete: z.boolean(),
  aggregates: z.array(
    z.object({
      metric: z.string(),
      group: z.string(),
      n: z.int(),
      mean: z.number(),
      standardError: z.number().nullable(),
      interval: z.tuple([z.number(), z.number()]).nullable(),
    }),
  ),
  summary: z.record(z.string(), z.unknown()),
  fingerprint: z.looseObject({ id: z.string() }),
  provenance: z.record(z.string(), z.unknown()),
  dataProblems: z.array(z.object({ where: z.string(), reason: z.string() })),
  name: z.string().nullish(),
  note: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
});
type Report = z.infer<typeof reportSchema>;

/**
 * Brings the recorded runs of a model directory into the database, unless they are there. One whose samples are not
 * beside it, or of a benchmark that this version scores by other rules, is left out.
 * @param modelDir with the folder `evaluation`
 * @returns how many came in
 * @throws ZodError for a file that is no record
 */
export async function seedRecorded(db: Db, modelDir: string): Promise<number> {
  const folder = path.join(modelDir, 'evaluation');
  if (!existsSync(folder)) return 0;
  let added = 0;
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()) {
    const samples = path.join(folder, file.replace(/\.json$/, '.samples.gz'));
    if (!existsSync(samples)) continue;
    const report = reportSchema.parse(JSON.parse(await readFile(path.join(folder, file), 'utf8')));
    const benchmark = findBenchmark(report.benchmark.name);
    if (benchmark?.protocol !== report.benchmark.protocol) continue;
    if ((await db.prisma.evaluationRun.count({ where: { id: report.run } })) > 0) continue;
    const recorded = unpackSamples(await readFile(samples));
    const isNew = await transaction(db.pool, (client) => insert(client, benchmark, report, recorded));
    if (isNew) added++;
  }
  return added;
}

async function insert(
  client: pg.PoolClient,
  benchmark: Benchmark,
  report: Report,
  recorded: RecordedSamples,
): Promise<boolean> {
  const { head, items, samples } = recorded;
  // Two starts at once: the second finds what the first made.
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', ['studio recorded runs']);
  const there = await client.query('SELECT 1 FROM evaluation_run WHERE id = $1', [report.run]);
  if (there.rowCount) return false;
  await insertBlobs(client, [
    ...items.flatMap(({ pictures }) => pictures),
    ...samples.flatMap(({ picture }) => picture ?? []),
  ]);
  const versionId = await versionOf(client, benchmark, report, recorded);
  const revisionId = await revisionOf(client, report);
  const { fingerprint, settings, incomplete, summary, provenance, createdAt, finishedAt, run } = report;
  const { id: fingerprintId, ...fingerprintOf } = fingerprint;
  await client.query(
    `INSERT INTO evaluation_run (id, revision_id, version_id, state, settings, items, item_count, repeats, evaluators,
       fingerprint, fingerprint_of, provenance, summary, incomplete, created_at, finished_at, recorded, visibility,
       name, note, tags)
     VALUES ($1, $2, $3, 'done', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, true, 'published', $16, $17, $18)`,
    [
      ...[run, revisionId, versionId, storableJson(settings), head.items, head.itemCount, head.repeats],
      ...[storableJson(head.evaluators), fingerprintId, storableJson(fingerprintOf)],
      ...[storableJson({ cache: false, ...provenance }), storableJson(summary), incomplete],
      ...[createdAt, finishedAt, report.name ?? null, report.note ?? null, report.tags],
    ],
  );
  await client.query(
    `INSERT INTO aggregate (run_id, metric, "group", n, mean, standard_error, low, high)
     SELECT $1, metric, "group", n, mean, "standardError", (interval->>0)::float8, (interval->>1)::float8
     FROM jsonb_to_recordset($2::jsonb)
       AS t(metric text, "group" text, n int, mean float8, "standardError" float8, interval jsonb)`,
    [run, storableJson(report.aggregates)],
  );
  for (let from = 0; from < samples.length; from += atOnce)
    await insertSamples(client, benchmark, report, versionId, samples.slice(from, from + atOnce));
  return true;
}

const atOnce = 500;

/** Rows of pictures whose bytes are not here: they are made again when somebody wants them (remake.ts). */
async function insertBlobs(client: pg.PoolClient, pictures: readonly RecordedPicture[]): Promise<void> {
  await client.query(
    `INSERT INTO blob (hash, media_type, size, width, height)
     SELECT DISTINCT ON (hash) hash, "mediaType", size, width, height FROM jsonb_to_recordset($1::jsonb)
       AS t(hash char(64), "mediaType" text, size int, width int, height int)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(pictures)],
  );
}

async function versionOf(
  client: pg.PoolClient,
  { name, title, task, synthetic }: Benchmark,
  { benchmark, dataProblems }: Report,
  { items }: RecordedSamples,
): Promise<string> {
  const made = await client.query<{ id: string }>(
    `INSERT INTO benchmark (id, name, title, task, synthetic) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (name) DO UPDATE SET title = excluded.title RETURNING id`,
    [randomUUID(), name, title, task, synthetic],
  );
  const version = await client.query<{ id: string }>(
    `INSERT INTO benchmark_version (id, benchmark_id, dataset_hash, protocol, item_count, problems)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (benchmark_id, dataset_hash, protocol) DO NOTHING RETURNING id`,
    [
      ...[randomUUID(), made.rows[0]!.id, benchmark.dataset, benchmark.protocol, items.length],
      storableJson(dataProblems),
    ],
  );
  const id = version.rows[0]?.id;
  if (id === undefined) {
    const known = await client.query<{ id: string }>(
      `SELECT id FROM benchmark_version WHERE benchmark_id = $1 AND dataset_hash = $2 AND protocol = $3`,
      [made.rows[0]!.id, benchmark.dataset, benchmark.protocol],
    );
    return known.rows[0]!.id;
  }
  await client.query(
    `WITH given AS (
       SELECT gen_random_uuid() AS id, t.* FROM jsonb_to_recordset($2::jsonb)
         AS t(position int, key text, "group" text, data jsonb, pictures jsonb)
     ), made AS (
       INSERT INTO item (id, version_id, position, key, "group", data)
       SELECT id, $1, position, key, "group", data FROM given
     )
     INSERT INTO item_picture (item_id, position, name, hash)
     SELECT given.id, p.place - 1, p.value->>'name', p.value->>'hash'
     FROM given, jsonb_array_elements(given.pictures) WITH ORDINALITY AS p(value, place)`,
    [id, storableJson(items)],
  );
  return id;
}

/** The revision is the shipped one, or an earlier one, of which the hashes of its files are known. */
async function revisionOf(client: pg.PoolClient, { model }: Report): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO model (id, name) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`,
    [randomUUID(), model.name],
  );
  const files = Object.fromEntries(
    Object.entries(model.files ?? {}).map(([name, sha256]) => [name, { sha256 }]),
  );
  const revision = await client.query<{ id: string }>(
    `INSERT INTO model_revision (id, model_id, kind, manifest_hash, version, manifest, activated_at)
     VALUES ($1, $2, $3::revision_kind, $4, $5, $6, NULL)
     ON CONFLICT (manifest_hash) DO UPDATE SET version = model_revision.version RETURNING id`,
    [
      ...[randomUUID(), rows[0]!.id, model.kind, model.hash, model.version],
      storableJson({ name: model.name, version: model.version, files }),
    ],
  );
  return revision.rows[0]!.id;
}

async function insertSamples(
  client: pg.PoolClient,
  benchmark: Benchmark,
  report: Pick<Report, 'run' | 'finishedAt'>,
  versionId: string,
  samples: RecordedSamples['samples'],
): Promise<void> {
  await client.query(
    `WITH given AS (
       SELECT gen_random_uuid() AS id, i.id AS item_id, t.* FROM jsonb_to_recordset($3::jsonb)
         AS t(position int, repeat int, state sample_state, text text, picture jsonb, error text, "latencyMs" float8,
           scores jsonb, value float8, correct bool, margin float8, reason text)
       JOIN item i ON i.version_id = $2 AND i.position = t.position
     ), made AS (
       INSERT INTO sample (id, run_id, item_id, repeat, state, picture_hash, text, error, latency_ms, value, correct,
         margin, reason, created_at)
       SELECT id, $1, item_id, repeat, state, picture->>'hash', text, error, "latencyMs", value, correct, margin, reason, $4
       FROM given
     )
     INSERT INTO score (sample_id, metric, value, details)
     SELECT given.id, c.metric, c.value, c.details
     FROM given, jsonb_to_recordset(given.scores) AS c(metric text, value float8, details jsonb)`,
    [
      ...[report.run, versionId],
      storableJson(samples.map((sample) => ({ ...sample, ...columnsOf(benchmark, sample.scores) }))),
      report.finishedAt,
    ],
  );
}
