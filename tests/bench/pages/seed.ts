/** Runs as workers leave them, by the thousand: rows only, whose pictures are a few that all share. */
import type { Db } from '../../../server/platform/db/client';

export interface Seeded {
  runs: number;
  samples: number;
  /** Of the runs: one of each benchmark, and the one with 100,000 samples. */
  geneval: string[];
  edits: string[];
  large: string;
}

const tags = ['single_object', 'two_object', 'counting', 'colors', 'position', 'color_attr'];
const kinds = ['add', 'remove', 'replace', 'recolour', 'move'];
/** Revisions of models; each is measured again and again. */
const revisions = 40;

/**
 * Fills a database.
 * @param scale 1: 400 GenEval runs of 2,000 samples, 100 runs on edits of 1,000, and one run of 100,000
 */
export async function seedRuns(db: Db, scale: number): Promise<Seeded> {
  const query = (text: string, values: unknown[] = []) => db.pool.query<{ id: string }>(text, values);
  const whole = (n: number) => Math.max(1, Math.round(n * scale));
  await query(
    `INSERT INTO blob (hash, media_type, size, width, height)
     SELECT encode(sha256(('bench ' || n)::bytea), 'hex'), 'image/png', 30000, 256, 256 FROM generate_series(1, 1000) n`,
  );
  await query(
    `INSERT INTO model (id, name) SELECT gen_random_uuid(), 'model ' || n FROM generate_series(1, 20) n`,
  );
  await query(
    `INSERT INTO model_revision (id, model_id, manifest_hash, version, manifest, activated_at)
     SELECT gen_random_uuid(), (SELECT id FROM model WHERE name = 'model ' || (n % 20 + 1)),
       encode(sha256(('revision ' || n)::bytea), 'hex'), '0.' || n, '{"files": {}}', NULL FROM generate_series(1, ${revisions}) n`,
  );
  const geneval = await benchmark('geneval', 'GenEval', 'generate');
  const edits = await benchmark('synthetic-edits', 'Synthetic edits', 'edit');
  const small = await version(geneval, 'geneval 2', 500, tags);
  const large = await version(geneval, 'geneval 2', whole(25_000), tags);
  const editing = await version(edits, 'editing 1', 1000, kinds);

  const ofGeneval = await runs(small, whole(400), 500, 4);
  const ofEdits = await runs(editing, whole(100), 1000, 1);
  const [big] = await runs(large, 1, whole(25_000), 4);
  for (const id of [...ofGeneval, big!]) await judgements(id);
  for (const id of ofEdits) await figures(id);
  await query('VACUUM ANALYZE');
  const { rows } = await db.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM sample');
  return {
    runs: ofGeneval.length + ofEdits.length + 1,
    samples: rows[0]!.n,
    geneval: ofGeneval,
    edits: ofEdits,
    large: big!,
  };

  async function benchmark(name: string, title: string, task: string): Promise<string> {
    const made = await query(
      `INSERT INTO benchmark (id, name, title, task, synthetic) VALUES (gen_random_uuid(), $1, $2, $3, $4)
       ON CONFLICT (name) DO UPDATE SET title = excluded.title RETURNING id`,
      [name, title, task, name.startsWith('synthetic')],
    );
    return made.rows[0]!.id;
  }

  async function version(benchmarkId: string, protocol: string, items: number, groups: string[]) {
    const made = await query(
      `INSERT INTO benchmark_version (id, benchmark_id, dataset_hash, protocol, item_count)
       VALUES (gen_random_uuid(), $1, encode(sha256($2::bytea), 'hex'), $3, $4) RETURNING id`,
      [benchmarkId, `bench ${benchmarkId} ${items}`, protocol, items],
    );
    const { id } = made.rows[0]!;
    await query(
      `INSERT INTO item (id, version_id, position, key, "group", data)
       SELECT gen_random_uuid(), $1, n, lpad(n::text, 5, '0'), ($2::text[])[n % ${groups.length} + 1],
         jsonb_build_object('tag', ($2::text[])[n % ${groups.length} + 1], 'prompt', 'a photo of ' || n || ' dogs and a red apple',
           'instruction', 'remove the dog ' || n, 'caption', 'a photo of an apple ' || n, 'language', 'en',
           'include', '[{"class": "dog", "count": 1}, {"class": "apple", "count": 1, "color": "red"}]'::jsonb)
       FROM generate_series(0, $3 - 1) n`,
      [id, groups, items],
    );
    if (protocol.startsWith('editing'))
      await query(
        `INSERT INTO item_picture (item_id, position, name, hash)
         SELECT i.id, p, (ARRAY['source', 'target'])[p + 1], encode(sha256(('bench ' || (i.position % 1000 + 1))::bytea), 'hex')
         FROM item i, generate_series(0, 1) p WHERE i.version_id = $1`,
        [id],
      );
    return id;
  }

  /** Done runs with their aggregates; samples come after. Of three, one is of another fingerprint. */
  async function runs(versionId: string, count: number, items: number, repeats: number): Promise<string[]> {
    const made = await query(
      `INSERT INTO evaluation_run (id, revision_id, version_id, state, settings, item_count, repeats, evaluators,
         fingerprint, fingerprint_of, provenance, summary, incomplete, created_at, finished_at)
       SELECT gen_random_uuid(), r.id, $1::uuid, 'done', '{"seed": 42}', $3, $4, '{}',
         encode(sha256(($1::text || ' fingerprint ' || (n % 3 = 0))::bytea), 'hex'),
         jsonb_build_object('benchmark', 'bench', 'settings', jsonb_build_object('seed', n % 3)),
         '{"commit": "0123456789abcdef0123456789abcdef01234567", "dirty": false, "cache": true}',
         '{"latency": {"p50": 300, "p95": 400, "n": 100}, "seconds": 600}', false,
         now() - make_interval(mins => n), now() - make_interval(mins => n) + interval '10 minutes'
       FROM generate_series(1, $2) n
       JOIN (SELECT id, row_number() OVER (ORDER BY manifest_hash) AS nth FROM model_revision
         WHERE version LIKE '0.%') r ON r.nth = n % ${revisions} + 1
       RETURNING id`,
      [versionId, count, items, repeats],
    );
    return made.rows.map(({ id }) => id);
  }

  /** Right or wrong, with detections of the usual size. */
  async function judgements(runId: string): Promise<void> {
    await query(
      `WITH made AS (
         INSERT INTO sample (id, run_id, item_id, repeat, state, picture_hash, latency_ms, position, "group", value, correct,
           margin, reason)
         SELECT gen_random_uuid(), r.id, i.id, t, 'scored', encode(sha256(('bench ' || (i.position % 1000 + 1))::bytea), 'hex'),
           200 + random() * 200, i.position, i."group", v.n, v.n = 1, random() - 0.2,
           CASE WHEN v.n = 0 THEN 'expected dog>=1, found 0' END
         FROM evaluation_run r JOIN item i ON i.version_id = r.version_id, generate_series(0, r.repeats - 1) t,
           LATERAL (SELECT (random() < 0.8 AND i.id IS NOT NULL AND t >= 0)::int::float8 AS n) v
         WHERE r.id = $1 RETURNING id, value)
       INSERT INTO score (sample_id, metric, value, details)
       SELECT id, 'correct', value, ${detections} FROM made`,
      [runId],
    );
    await aggregate(runId, 'accuracy', 'correct');
  }

  async function figures(runId: string): Promise<void> {
    await query(
      `WITH made AS (
         INSERT INTO sample (id, run_id, item_id, repeat, state, picture_hash, latency_ms, position, "group", value)
         SELECT gen_random_uuid(), r.id, i.id, 0, 'scored', encode(sha256(('bench ' || (i.position % 1000 + 1))::bytea), 'hex'),
           200 + random() * 200, i.position, i."group", 0.8 + random() * 0.2
         FROM evaluation_run r JOIN item i ON i.version_id = r.version_id WHERE r.id = $1 RETURNING id, value)
       INSERT INTO score (sample_id, metric, value, details)
       SELECT id, m, CASE m WHEN 'l1' THEN 1 - value ELSE value END, NULL
       FROM made, unnest(ARRAY['clip_t', 'l1', 'clip_o', 'dino_o']) m`,
      [runId],
    );
    for (const metric of ['clip_t', 'l1', 'clip_o', 'dino_o']) await aggregate(runId, metric, metric);
  }

  async function aggregate(runId: string, name: string, metric: string): Promise<void> {
    await query(
      `INSERT INTO aggregate (run_id, metric, "group", n, mean, standard_error, low, high)
       SELECT $1, $2, coalesce(s."group", ''), count(*), avg(c.value), 0.01, avg(c.value) - 0.02, avg(c.value) + 0.02
       FROM sample s JOIN score c ON c.sample_id = s.id AND c.metric = $3 WHERE s.run_id = $1
       GROUP BY GROUPING SETS ((s."group"), ())`,
      [runId, name, metric],
    );
  }
}

/** What a detector tells of a picture with three things. */
const detections = `jsonb_build_object('reason', CASE WHEN value = 1 THEN '' ELSE 'expected dog>=1, found 0' END,
  'detections', '{"dog": [{"box": [12.5, 20.25, 110.75, 140.5], "score": 0.973251}, {"box": [130, 20, 160, 60], "score": 0.143251}],
  "apple": [{"box": [150.5, 120.25, 220.75, 190.5], "score": 0.951, "color": "red"}]}'::jsonb)`;
