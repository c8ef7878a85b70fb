import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrate, readMigrations } from '../../server/platform/db/migrate';
import { createEmptyDatabase, migrationsFolder } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** A database as the first release left it, with results and runs in it, under the services of today. */

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const hash = (letter: string) => letter.repeat(64);
const [visitor, other] = [id(1), id(2)];
const [made, edited, asked, failed, waiting] = [id(11), id(12), id(13), id(14), id(15)];
const [whole, incomplete, stopped] = [id(31), id(32), id(33)];

/** Migrations of the first release: the demo and the evaluation. */
const firstRelease = 2;

const populated = `
INSERT INTO model (id, name) VALUES ('${id(3)}', 'nexus-gen-nano');
INSERT INTO model_revision (id, model_id, manifest_hash, version, manifest)
  VALUES ('${id(4)}', '${id(3)}', '${hash('1')}', '0.1.0', '{}');
INSERT INTO visitor (id) VALUES ('${visitor}'), ('${other}');
INSERT INTO blob (hash, media_type, size, width, height)
  SELECT repeat(letter, 64), 'image/png', 1000, 256, 256 FROM unnest(ARRAY['a', 'b', 'c']) letter;
INSERT INTO generation (id, visitor_id, revision_id, task, state, prompt, language, parameters, source_hash, parent_id,
    picture_hash, text, error, created_at, finished_at)
  SELECT g.id::uuid, '${visitor}', '${id(4)}', task::task, state::generation_state, prompt, language, parameters::jsonb, source,
    parent::uuid, picture, text, error, '2026-01-01', CASE WHEN state <> 'queued' THEN timestamptz '2026-01-02' END
  FROM (VALUES
    ('${made}', 'generate', 'done', 'a photo of two red apples', 'en', '{"seed": 7, "steps": 12}', NULL, NULL,
      '${hash('a')}', NULL, NULL),
    ('${edited}', 'edit', 'done', '把苹果变成绿色', 'zh', '{"seed": 8}', '${hash('a')}', '${made}', '${hash('b')}', NULL, NULL),
    ('${asked}', 'understand', 'done', 'how many?', 'en', '{}', '${hash('b')}', '${edited}', NULL, 'two', NULL),
    ('${failed}', 'generate', 'failed', 'a dog', 'en', '{}', NULL, NULL, NULL, NULL, 'The worker ended.'),
    ('${waiting}', 'generate', 'queued', 'a cat', 'en', '{}', NULL, NULL, NULL, NULL, NULL)
  ) g (id, task, state, prompt, language, parameters, source, parent, picture, text, error);
INSERT INTO benchmark (id, name, title, task, synthetic) VALUES ('${id(5)}', 'geneval', 'GenEval', 'generate', false);
INSERT INTO benchmark_version (id, benchmark_id, dataset_hash, protocol, item_count)
  VALUES ('${id(6)}', '${id(5)}', '${hash('2')}', 'geneval 2', 2);
INSERT INTO item (id, version_id, position, key, "group", data) VALUES
  ('${id(21)}', '${id(6)}', 0, 'one', 'counting', '{"tag": "counting", "prompt": "a photo of two apples"}'),
  ('${id(22)}', '${id(6)}', 1, 'two', 'colors', '{"tag": "colors", "prompt": "a photo of a red dog"}');
INSERT INTO evaluation_run (id, revision_id, version_id, state, settings, items, item_count, repeats, evaluators, fingerprint,
    fingerprint_of, provenance, summary, incomplete, created_at, finished_at)
  SELECT run::uuid, '${id(4)}', '${id(6)}', state::run_state, '{"seed": 42}', '{}', 2, 1, '{}', '${hash('3')}', '{}', '{}',
    CASE WHEN state = 'done' THEN '{}'::jsonb END, gaps, '2026-01-03', '2026-01-04'
  FROM (VALUES ('${whole}', 'done', false), ('${incomplete}', 'done', true), ('${stopped}', 'cancelled', NULL))
    r (run, state, gaps);
INSERT INTO sample (id, run_id, item_id, repeat, state, picture_hash, latency_ms) VALUES
  ('${id(41)}', '${whole}', '${id(21)}', 0, 'scored', '${hash('a')}', 410),
  ('${id(42)}', '${whole}', '${id(22)}', 0, 'scored', '${hash('c')}', 390);
INSERT INTO score (sample_id, metric, value, details) VALUES
  ('${id(41)}', 'correct', 1, '{"reason": ""}'),
  ('${id(42)}', 'correct', 0, '{"reason": "expected red dog>=1, found 0"}');
INSERT INTO aggregate (run_id, metric, "group", n, mean) VALUES ('${whole}', 'correct', '', 2, 0.5);
`;

let studio: TestStudio;
let folder: string;
beforeAll(async () => {
  const url = await createEmptyDatabase(inject('adminUrl'));
  folder = await mkdtemp(path.join(tmpdir(), 'first-release-'));
  const migrations = (await readMigrations(migrationsFolder)).map(({ name }) => name);
  for (const name of migrations.slice(0, firstRelease))
    await cp(path.join(migrationsFolder, name), path.join(folder, name), { recursive: true });
  await migrate(url, folder);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(populated).finally(() => client.end());
  expect(await migrate(url, migrationsFolder)).toEqual(migrations.slice(firstRelease));
  studio = await createStudio(url);
});
afterAll(async () => {
  await studio.close();
  await rm(folder, { recursive: true });
});

test('results are their visitor’s as they were, and nobody else’s', async () => {
  const me = studio.as(visitor);
  const { items } = await me.history.search({ query: '' });
  expect(items.map((item) => item.id)).toEqual([waiting, failed, asked, edited, made]);
  expect(await me.demo.get({ id: made })).toMatchObject({
    ...{
      task: 'generate',
      state: 'done',
      prompt: 'a photo of two red apples',
      language: 'en',
      imported: false,
    },
    ...{
      parameters: { seed: 7, steps: 12 },
      picture: { hash: hash('a'), width: 256, height: 256 },
      grid: null,
    },
  });
  expect(await me.demo.get({ id: asked })).toMatchObject({ text: 'two', source: { hash: hash('b') } });
  expect(await me.demo.get({ id: failed })).toMatchObject({ state: 'failed', error: 'The worker ended.' });
  expect(await me.demo.get({ id: waiting })).toMatchObject({ state: 'queued' });
  await expect(studio.as(other).demo.get({ id: made })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('they are found by their words, and lead to what they came from', async () => {
  const me = studio.as(visitor);
  expect((await me.history.search({ query: '苹果' })).items.map((item) => item.id)).toEqual([edited]);
  const { nodes } = await me.history.lineage({ id: asked });
  expect(nodes.map((node) => node.id).sort()).toEqual([made, edited, asked]);
});

test('they can be shared and gone on from', async () => {
  const { token } = await studio.as(visitor).sharing.share({ id: edited });
  expect(await studio.as(other).sharing.get({ token: token! })).toMatchObject({ prompt: '把苹果变成绿色' });
  const { id: next } = await studio
    .as(visitor)
    .demo.submit({ task: 'understand', prompt: 'and now?', sourceHash: hash('b'), parentId: edited });
  expect(await studio.as(visitor).demo.get({ id: next })).toMatchObject({ parentId: edited });
});

test('runs that stood on the leaderboard are everybody’s, the others the team’s', async () => {
  const idsOf = async (caller: ReturnType<TestStudio['as']>) =>
    (await caller.runs.list({})).items.map((run) => run.id).sort();
  expect(await idsOf(studio.as())).toEqual([whole]);
  expect(await idsOf(await studio.asUser(await studio.user('viewer')))).toEqual([whole, incomplete, stopped]);
});

test('samples have their prompts, verdicts and reasons where today’s pages look for them', async () => {
  const page = await studio.as().runs.samples({ runId: whole });
  expect(page.total).toBe(2);
  expect(page.items).toMatchObject([
    { id: id(41), group: 'counting', correct: true },
    { id: id(42), group: 'colors', correct: false },
  ]);
  const wrong = await studio
    .as()
    .runs.samples({ runId: whole, filter: { verdict: 'wrong', query: 'red dog' } });
  expect(wrong.items.map((sample) => sample.id)).toEqual([id(42)]);
  expect((await studio.as().runs.get({ id: whole })).counts).toMatchObject({ scored: 2, failed: 0 });
});
