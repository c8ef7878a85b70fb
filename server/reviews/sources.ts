import type pg from 'pg';
import { findBenchmark } from '../../eval/benchmarks';
import { sampleMetricOf } from '../../eval/benchmarks/definition';
import type { Db } from '../platform/db/client';
import { storableJson } from '../platform/db/text';
import { readableSql, type Reader } from '../accounts/run-access';
import type { Visibility } from '../evaluation/labels';
import { tellApart, tellLine, type Tellable } from '../evaluation/runs/run-differences';
import { samplesWhere } from '../evaluation/runs/sample-filter';
import { traitsOf } from '../evaluation/runs/traits';
import { refusals } from './refusals';
import type { QueueSource } from './schema';

/**
 * Where the items of a queue come from, as SQL: the same candidates are counted for the form and inserted, in one
 * statement however many they are.
 */

/** The runs of a source as they are now; names may change later. */
export interface SourceRuns {
  runs: { id: string; title: string }[];
  benchmark: string | null;
  /** What each run's outputs are labelled with: different ones for the two of a pair. */
  models: string[];
}

/**
 * @throws StudioError NOT_FOUND for a run that is gone or not for this reader, BAD_REQUEST for a private one, and for a
 *   pair of runs that does not fit
 */
export async function readSourceRuns(
  db: Pick<pg.Pool, 'query'>,
  reader: Reader,
  source: QueueSource,
): Promise<SourceRuns> {
  const ids =
    source.from === 'run'
      ? [source.runId]
      : source.from === 'pair'
        ? [source.firstRunId, source.secondRunId]
        : [];
  if (ids.length === 0) return { runs: [], benchmark: null, models: [] };
  if (ids[0] === ids[1]) throw refusals.sameRun();
  const { rows } = await db.query<RunRow>(
    `SELECT r.id, r.visibility, r.version_id AS "versionId", m.name AS model, v.version, b.name AS benchmark, b.title,
       r.name, r.created_at AS "createdAt", r.settings, r.item_count AS items, bv.item_count AS "allItems",
       jsonb_build_object('protocol', bv.protocol) || r.fingerprint_of AS "fingerprintOf"
     FROM evaluation_run r JOIN model_revision v ON v.id = r.revision_id JOIN model m ON m.id = v.model_id
     JOIN benchmark_version bv ON bv.id = r.version_id JOIN benchmark b ON b.id = bv.benchmark_id
     WHERE r.id = ANY($1::uuid[]) AND ${readableSql(reader)}`,
    [ids],
  );
  const found = ids.map((id) => rows.find((row) => row.id === id));
  const [first, second] = found;
  if (!first || found.includes(undefined)) throw refusals.noRun();
  if (second && first.versionId !== second.versionId) throw refusals.differentItems();
  const runs = found as RunRow[];
  // A queue is read by the whole team.
  if (runs.some(({ visibility }) => visibility === 'private')) throw refusals.privateRun();
  const told = tellApart(runs.map(tellable)).map(tellLine);
  // A name that somebody gave is what they know it by; else the model's own is enough where it tells them apart.
  const labels = runs.some(({ name }) => name !== null) ? [told] : [runs.map(({ model }) => model), told];
  return {
    runs: runs.map(({ id, title }, i) => ({ id, title: `${told[i]} · ${title}` })),
    benchmark: first.benchmark,
    models: labels.find((names) => new Set(names).size === names.length)!,
  };
}

interface RunRow {
  id: string;
  visibility: Visibility;
  versionId: string;
  model: string;
  version: string;
  benchmark: string;
  title: string;
  name: string | null;
  createdAt: Date;
  settings: Record<string, unknown>;
  items: number;
  allItems: number;
  fingerprintOf: Record<string, unknown>;
}

const tellable = ({ model, version, title, ...run }: RunRow): Tellable => ({
  ...{ id: run.id, name: run.name, createdAt: run.createdAt, traits: traitsOf(run) },
  ...{ model: { name: model, version }, benchmark: { title } },
});

/** The automatic score that people are compared with: what the samples of the benchmark are known by (`own`). */
const scoreOf = (sample: string, own: string) => `LEFT JOIN LATERAL (
  SELECT metric, value FROM score WHERE sample_id = ${sample}
  ORDER BY metric = ${own}::text DESC, metric LIMIT 1) score_${sample.replace('.', '_')} ON true`;

const itemColumns = `i.id AS item_id, i."group", i.position AS place,
  coalesce(i.data->>'prompt', i.data->>'question', i.data->>'instruction', '') AS prompt,
  jsonb_build_object('options', (SELECT coalesce(jsonb_agg(jsonb_build_object('letter', chr(64 + o.n::int), 'text', o.text)
      ORDER BY o.n), '[]') FROM jsonb_array_elements_text(
      CASE jsonb_typeof(i.data->'options') WHEN 'array' THEN i.data->'options' ELSE '[]' END) WITH ORDINALITY o(text, n)),
    'answers', CASE jsonb_typeof(i.data->'answer') WHEN 'array' THEN i.data->'answer'
      WHEN 'string' THEN jsonb_build_array(i.data->'answer') ELSE '[]' END) AS content,
  (SELECT b.task FROM benchmark b JOIN benchmark_version v ON v.benchmark_id = b.id WHERE v.id = i.version_id) AS task,
  NULL::uuid AS flag_id, NULL::text AS source_hash`;

const output = (sample: string, label: string) => `jsonb_build_object('hash', ${sample}.picture_hash,
  'text', ${sample}.text, 'model', ${label}::text, 'run', ${sample}.run_id, 'sample', ${sample}.id,
  'metric', score_${sample}_id.metric, 'value', score_${sample}_id.value)`;

const hasOutput = (sample: string) => `(${sample}.picture_hash IS NOT NULL OR ${sample}.text IS NOT NULL)`;

type Put = (value: unknown) => string;

/** What the runs of a source are called, and what their benchmark is. */
type Of = Pick<SourceRuns, 'models' | 'benchmark'>;

/** SQL of every candidate: place, repeat, draw_key, group, prompt, content, task, outputs and more. */
function candidates(source: QueueSource, { models, benchmark }: Of, put: Put): string {
  const known = benchmark === null ? undefined : findBenchmark(benchmark);
  const own = known && sampleMetricOf(known);
  switch (source.from) {
    case 'run': {
      const { text, values } = samplesWhere(source.runId, source.filter, { own });
      const passes = text.replace(/\$(\d+)/g, (_, n: string) => put(values[Number(n) - 1]));
      return `SELECT ${itemColumns}, s.repeat, i.key || ':' || s.repeat AS draw_key,
          jsonb_build_array(${output('s', put(models[0]))}) AS outputs
        FROM sample s JOIN item i ON i.id = s.item_id ${scoreOf('s.id', put(own))}
        WHERE ${passes} AND ${hasOutput('s')}`;
    }
    case 'pair': {
      const groups = source.groups?.length ? `AND i."group" = ANY(${put(source.groups)}::text[])` : '';
      return `SELECT ${itemColumns}, a.repeat, i.key || ':' || a.repeat AS draw_key,
          jsonb_build_array(${output('a', put(models[0]))}, ${output('b', put(models[1]))}) AS outputs
        FROM sample a JOIN sample b ON b.item_id = a.item_id AND b.repeat = a.repeat
          AND b.run_id = ${put(source.secondRunId)}
        JOIN item i ON i.id = a.item_id ${scoreOf('a.id', put(own))} ${scoreOf('b.id', put(own))}
        WHERE a.run_id = ${put(source.firstRunId)} AND ${hasOutput('a')} AND ${hasOutput('b')} ${groups}`;
    }
    case 'flags': {
      const reasons = source.reasons?.length
        ? `AND f.reason = ANY(${put(source.reasons)}::flag_reason[])`
        : '';
      return `SELECT NULL::uuid AS item_id, f.reason::text AS "group",
          row_number() OVER (ORDER BY f.created_at, f.id) AS place, f.prompt,
          jsonb_build_object('flag', jsonb_build_object('reason', f.reason, 'comment', f.comment)) AS content,
          f.task, f.id AS flag_id, f.source_hash, 0 AS repeat, f.id::text AS draw_key,
          jsonb_build_array(jsonb_build_object('hash', f.picture_hash, 'text', f.text, 'model', m.name)) AS outputs
        FROM flag f LEFT JOIN generation g ON g.id = f.generation_id AND NOT g.imported
        LEFT JOIN model_revision v ON v.id = g.revision_id LEFT JOIN model m ON m.id = v.model_id
        WHERE (f.picture_hash IS NOT NULL OR f.text IS NOT NULL) ${reasons}
          AND NOT EXISTS (SELECT 1 FROM review_task t JOIN review_queue q ON q.id = t.queue_id
            WHERE t.flag_id = f.id AND q.state = 'open')`;
    }
    case 'upload':
      return `SELECT NULL::uuid AS item_id, NULL::text AS "group", u.place, u.prompt, '{}'::jsonb AS content,
          'generate'::task AS task, NULL::uuid AS flag_id, NULL::text AS source_hash, 0 AS repeat,
          u.place::text AS draw_key, jsonb_build_array(jsonb_build_object('hash', u.hash)) AS outputs
        FROM jsonb_to_recordset(${put(
          storableJson(source.items.map((item, place) => ({ ...item, place }))),
        )}::jsonb) AS u(place int, hash text, prompt text)
        WHERE EXISTS (SELECT 1 FROM review_upload r WHERE r.hash = u.hash)`;
  }
}

/** SQL of the CTEs `candidate` and `chosen`. The draw depends on the seed and on what is drawn from, and on nothing else. */
function chosen(source: QueueSource, of: Of, put: Put): string {
  const choice = 'choice' in source ? source.choice : { take: 'all' as const };
  const draw = (seed: number) => `md5(${put(String(seed))} || ':' || draw_key), draw_key`;
  const [rank, limit] =
    choice.take === 'random'
      ? [`row_number() OVER (ORDER BY ${draw(choice.seed)})`, put(choice.n)]
      : choice.take === 'stratified'
        ? [`row_number() OVER (PARTITION BY "group" ORDER BY ${draw(choice.seed)})`, put(choice.perGroup)]
        : ['0', '0'];
  return `candidate AS (${candidates(source, of, put)}),
    ranked AS (SELECT *, ${rank} AS rank FROM candidate),
    chosen AS MATERIALIZED (SELECT *, gen_random_uuid() AS id, row_number() OVER (ORDER BY place, repeat) - 1 AS n
      FROM ranked WHERE rank <= ${limit})`;
}

function statement(build: (put: Put) => string): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const text = build((value) => `$${values.push(value)}`);
  return { text, values };
}

/** How many items a source gives, and of which groups, most frequent last where it matters to nobody. @throws as readSourceRuns */
export async function countSource(
  { db }: { db: Db },
  reader: Reader,
  source: QueueSource,
): Promise<{ items: number; groups: { name: string; n: number }[] }> {
  const of = await readSourceRuns(db.pool, reader, source);
  const { rows } = await db.pool.query<{ name: string | null; n: number }>(
    statement(
      (put) =>
        `WITH ${chosen(source, of, put)} SELECT "group" AS name, count(*)::int AS n FROM chosen GROUP BY 1 ORDER BY 1`,
    ),
  );
  return {
    items: rows.reduce((sum, { n }) => sum + n, 0),
    groups: rows.flatMap(({ name, n }) => (name === null ? [] : [{ name, n }])),
  };
}

/**
 * Inserts the items of a queue, whose row is there.
 * @returns how many
 * @throws StudioError BAD_REQUEST where there is none, or an uploaded picture is unknown
 */
export async function insertTasks(
  client: pg.ClientBase,
  queue: { id: string; reviewsPerItem: number },
  source: QueueSource,
  of: Of,
): Promise<number> {
  // Two queues of reports that are made at once must not both have the same report.
  if (source.from === 'flags') await client.query(`SELECT pg_advisory_xact_lock(hashtext('review flags'))`);
  const { rows } = await client.query<{ n: number }>(
    statement(
      (put) => `WITH ${chosen(source, of, put)},
      tasks AS (INSERT INTO review_task (id, queue_id, position, needed, task, "group", prompt, content, flag_id)
        SELECT id, ${put(queue.id)}, n, ${put(queue.reviewsPerItem)}, task, "group", prompt, content, flag_id FROM chosen),
      outputs AS (INSERT INTO review_output (task_id, position, hash, text, model, run_id, sample_id, metric, value)
        SELECT c.id, o.n - 1, o.one->>'hash', o.one->>'text', o.one->>'model', (o.one->>'run')::uuid,
          (o.one->>'sample')::uuid, o.one->>'metric', (o.one->>'value')::float8
        FROM chosen c, jsonb_array_elements(c.outputs) WITH ORDINALITY o(one, n)),
      inputs AS (INSERT INTO review_input (task_id, position, name, hash)
        SELECT c.id, p.position, p.name, p.hash FROM chosen c JOIN item_picture p ON p.item_id = c.item_id
        UNION ALL SELECT id, 0, 'source', source_hash FROM chosen WHERE source_hash IS NOT NULL),
      queue AS (UPDATE review_queue SET items = (SELECT count(*) FROM chosen), room = (SELECT count(*) FROM chosen)
        WHERE id = ${put(queue.id)})
      SELECT count(*)::int AS n FROM chosen`,
    ),
  );
  const n = rows[0]?.n ?? 0;
  if (source.from === 'upload' && n < source.items.length)
    throw refusals.unknownUpload(source.items.length - n);
  if (n === 0) throw refusals.noItems();
  return n;
}
