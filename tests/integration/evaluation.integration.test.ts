import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { sweepPictures } from '../../server/platform/blobs/pictures';
import { compare } from '../../server/evaluation/compare';
import { storeDataset } from '../../server/evaluation/dataset-store';
import { seedPublished } from '../../server/evaluation/published/seed';
import { cancelRun, pauseRun, resumeRun } from '../../server/evaluation/control';
import { startRun } from '../../server/evaluation/service';
import { benchmarkOf } from '../../eval/benchmarks';
import { registerEndpoint, type Revision } from '../../server/evaluation/revisions';
import { startOpenAiServer, wordsReply } from '../../eval/testing/openai-server';
import { endpointIdentity, endpointSettingsSchema } from '../../eval/under-test/endpoint';
import type { StudioWorker } from '../../server/worker/worker';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { evaluationOf, firstEdits, openQuestions } from '../support/evaluation';
import { createStudio, type TestStudio } from '../support/studio';

let database: TestDatabase;
let studio: TestStudio;
let runs: ReturnType<typeof evaluationOf>;
let stub: Revision;
let worker: StudioWorker;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  runs = evaluationOf(database.url, studio);
  await runs.ready;
  stub = await runs.stub();
  worker = await studio.worker();
  await worker.modelSettled;
});
afterAll(async () => {
  await runs.close();
  await studio.close();
  await database.drop();
});

test('a run makes and scores every sample, and tells what measured it', async () => {
  const id = await runs.start('synthetic-edits', firstEdits(10), { revision: stub, repeats: 2 });
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toEqual({
    ...{ expected: 20, scored: 20, generated: 0, failed: 0, unscored: 0, missing: 0, cached: 0 },
  });
  expect(report.incomplete).toBe(false);
  expect(report.aggregates.filter(({ group }) => group === '').map(({ metric, n }) => [metric, n])).toEqual([
    ['clip_o', 10],
    ['clip_t', 10],
    ['dino_o', 10],
    ['l1', 10],
  ]);
  // Five kinds of edit, two each; two samples of an edit are one value.
  expect(report.aggregates.filter(({ group, metric }) => group === 'add' && metric === 'l1')).toMatchObject([
    { n: 2 },
  ]);
  expect(report.summary).toMatchObject({ n: 20, total: 20, latency: { n: 20 }, problems: [] });
  expect(report.fingerprint).toMatchObject({
    benchmark: 'synthetic-edits',
    protocol: 'editing 1',
    items: 'all',
    repeats: 2,
    preset: 'nano',
    settings: { seed: 42 },
    evaluators: [{ kind: 'clip' }, { kind: 'dino' }],
  });
  // What the model's manifest decided.
  expect(report.settings).toEqual({ seed: 42, steps: 4, guidance: 1, decoder: 'editing' });
  expect(report.provenance).toMatchObject({
    node: process.versions.node,
    cache: true,
    workers: [{ device: 'cpu' }],
    packages: { 'onnxruntime-node': expect.stringMatching(/^\d/) },
  });
  const seeds = await runs.outcome(id);
  expect(new Set(seeds.map(({ picture }) => picture)).size).toBeGreaterThan(10);
});

test('the same again takes every output from the first run, and compares as a tie', async () => {
  const first = await runs.start('synthetic-edits', firstEdits(6), { revision: stub });
  const id = await runs.start('synthetic-edits', firstEdits(6), { revision: stub });
  const [one, again] = [await runs.reaches(first, 'done'), await runs.reaches(id, 'done')];
  expect(again.counts).toMatchObject({ scored: 6, cached: 6 });
  // No call was made, so there is no latency to tell.
  expect(again.summary).toMatchObject({ latency: null });
  expect(again.fingerprint.id).toBe(one.fingerprint.id);
  expect(again.aggregates).toEqual(one.aggregates);
  expect(await runs.outcome(id)).toEqual(await runs.outcome(first));
  const found = await compare(database.db, first, id);
  expect(found).toMatchObject({ differences: [], common: 6, alone: { first: 0, second: 0 } });
  expect(found.metrics.map(({ verdict, gained, lost }) => [verdict, gained, lost])).toEqual(
    Array(4).fill(['tie', 0, 0]),
  );
});

test('without the cache every output is made anew', async () => {
  const id = await runs.start('synthetic-edits', firstEdits(2), { revision: stub, cache: false });
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ scored: 2, cached: 0 });
});

test('outputs are scored again, by other rules, without the model', async () => {
  const source = await runs.start('synthetic-edits', firstEdits(4), { revision: stub });
  await runs.reaches(source, 'done');
  const id = await runs.start('synthetic-edits', firstEdits(4), {
    revision: stub,
    sourceId: source,
    settings: { preset: 'magicbrush-b32' },
  });
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ scored: 4, cached: 4 });
  expect(report.fingerprint).toMatchObject({ preset: 'magicbrush-b32' });
  const { differences } = await compare(database.db, source, id);
  // The script's preset decodes images and cleans captions in its own way, too.
  expect(differences).toEqual(['captions', 'images', 'preset', 'settings']);
});

test('a part of the items is taken evenly from the whole, and is not to be ranked', async () => {
  const id = await runs.start('synthetic-edits', firstEdits(10), { revision: stub, subset: { limit: 4 } });
  const report = await runs.reaches(id, 'done');
  expect(report).toMatchObject({ incomplete: true, counts: { expected: 4, scored: 4 } });
  const keys = (await runs.outcome(id)).map(({ key }) => key);
  // One of each of four kinds, though kinds come in turns.
  expect(keys).toEqual(['edit-0', 'edit-1', 'edit-7', 'edit-8']);
  const groups = await runs.start('synthetic-edits', firstEdits(10), {
    revision: stub,
    subset: { groups: ['move'] },
  });
  expect((await runs.reaches(groups, 'done')).counts).toMatchObject({ expected: 2, scored: 2 });
  await expect(
    runs.start('synthetic-edits', firstEdits(10), { revision: stub, subset: { groups: ['melt'] } }),
  ).rejects.toThrow('Unknown group melt. Choose from add, remove, replace, recolour, move.');
});

test('answers are scored when all are there; a refused question is a failed sample', async () => {
  const long = (i: number) => (i === 3 ? 'x'.repeat(600) : `question ${i}`);
  const id = await runs.start('synthetic-mmmu', openQuestions(6, long), { revision: stub });
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ expected: 6, scored: 5, failed: 1 });
  expect(report.incomplete).toBe(true);
  expect(report.problems).toEqual({ [(await failure(id))!]: 1 });
  expect(report.summary).toMatchObject({ overall: { correct: 2, n: 5 }, missing: 295, fallbacks: 0 });
  expect(await failure(id)).toMatch(/the limit is 500/);
});

const failure = async (id: string) =>
  (await runs.outcome(id)).find(({ state }) => state === 'failed')?.error ?? null;

test('what cannot be measured is told apart from wrong and from failed', async () => {
  const geneval = await benchmarkOf('geneval');
  // The tiny detector knows five of the eighty classes.
  const id = await runs.start('geneval', await geneval.open({}), {
    revision: stub,
    subset: { groups: ['single_object'] },
    repeats: 1,
  });
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ expected: 80, scored: 5, unscored: 75, failed: 0 });
  expect(Object.keys(report.problems)[0]).toMatch(/^The detector tiny-detector does not know the class /);
  expect(report.incomplete).toBe(true);
});

test('pauses after the sample in hand, resumes, and is cancelled at once', async () => {
  const slow = (i: number) => `delay=40 steps=2 n=${i}`;
  const id = await runs.start('synthetic-mmmu', openQuestions(30, slow), { revision: stub, cache: false });
  await sampleCount(id, 3);
  await pauseRun(studio.services, id);
  const paused = await runs.reaches(id, 'paused');
  expect(paused.counts.missing).toBeGreaterThan(0);
  await expect(pauseRun(studio.services, id)).rejects.toThrow('The run is paused and cannot be paused.');
  await resumeRun(studio.services, id);
  const done = await runs.reaches(id, 'done');
  expect(done.counts).toMatchObject({ expected: 30, scored: 30 });
  await expect(resumeRun(studio.services, id)).rejects.toThrow('The run is done and cannot be resumed.');

  const other = await runs.start('synthetic-mmmu', openQuestions(30, slow), { revision: stub, cache: false });
  await sampleCount(other, 3);
  await cancelRun(studio.services, other);
  const cancelled = await runs.reaches(other, 'cancelled');
  expect(cancelled.counts.missing).toBeGreaterThan(0);
  expect(cancelled.finishedAt).toBeInstanceOf(Date);
  // The worker is free at once, and no sample is added to a run that has ended.
  const next = await runs.start('synthetic-mmmu', openQuestions(1), { revision: stub, cache: false });
  await runs.reaches(next, 'done');
  expect((await runs.reaches(other, 'cancelled')).counts).toEqual(cancelled.counts);
});

/** Waits until a run has so many samples; each new one is asked for after the job before has had its turn. */
async function sampleCount(id: string, n: number): Promise<void> {
  while ((await database.db.prisma.sample.count({ where: { runId: id } })) < n)
    await new Promise(setImmediate);
}

test('a visitor of the demo does not wait for the end of a run', async () => {
  const slow = (i: number) => `delay=100 steps=3 n=${i}`;
  const id = await runs.start('synthetic-mmmu', openQuestions(40, slow), { revision: stub, cache: false });
  await sampleCount(id, 1);
  const { id: job } = await studio.as().demo.submit({ task: 'generate', prompt: 'x', width: 32, height: 32 });
  await studio.reaches(job, 'done');
  const { state, counts } = await runs.reaches(id, 'running');
  expect(state).toBe('running');
  expect(counts.missing).toBeGreaterThan(0);
  await cancelRun(studio.services, id);
});

test('refuses what cannot be run, before anything is queued', async () => {
  const version = { id: '00000000-0000-4000-8000-000000000000', datasetHash: 'b'.repeat(64), itemCount: 1 };
  const benchmark = await benchmarkOf('synthetic-edits');
  const given = { benchmark, version, revision: stub, settings: {} };
  const tried = (more: object) => startRun(studio.services, { ...given, ...more });
  await expect(tried({ settings: { seed: -1 } })).rejects.toThrow(/^seed: /);
  await expect(tried({ settings: { sead: 1 } })).rejects.toThrow(/sead/);
  await expect(tried({ repeats: 0 })).rejects.toThrow(/whole number from 1 to 64/);
  await expect(tried({ settings: { prompt: 'question' } })).rejects.toThrow(
    'Synthetic edits doesn’t support the setting prompt.',
  );
  await expect(tried({ settings: { language: 'zh' } })).rejects.toThrow(
    'Synthetic edits doesn’t support the setting language.',
  );
  await expect(
    tried({ benchmark: await benchmarkOf('geneval'), settings: { language: 'fr' } }),
  ).rejects.toThrow(/^language: /);
  const questions = await benchmarkOf('synthetic-mmmu');
  await expect(tried({ benchmark: questions, repeats: 2 })).rejects.toThrow(/repeat the first/);
  await expect(tried({ evaluators: { clip: '/nowhere' } })).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  const none = { size: 0, problems: [{ where: 'a.png', reason: 'is damaged' }], async *items() {} };
  await expect(runs.start('synthetic-edits', none, { revision: stub })).rejects.toThrow(
    /no usable items: a\.png is damaged/,
  );
});

test('pictures of items and of samples outlive the sweep', async () => {
  const id = await runs.start('synthetic-edits', firstEdits(2), { revision: stub });
  await runs.reaches(id, 'done');
  await database.db.pool.query(`UPDATE blob SET touched_at = now() - interval '1 year'`);
  await sweepPictures(studio.services, 60);
  for (const { picture } of await runs.outcome(id))
    expect(await studio.services.blobs.has(picture!)).toBe(true);
  const items = await database.db.prisma.itemPicture.findMany();
  for (const { hash } of items) expect(await studio.services.blobs.has(hash)).toBe(true);
});

test('published results are there, once, and follow the folder', async () => {
  const n = await seedPublished(database.db);
  await database.db.pool.query(`UPDATE published_result SET model = 'somebody' WHERE model = 'Show-O'`);
  expect(await seedPublished(database.db)).toBe(n);
  expect(await database.db.prisma.publishedResult.count()).toBe(n);
  const nexus = await database.db.prisma.publishedResult.findMany({
    where: { benchmark: 'geneval', metric: 'overall', model: { startsWith: 'Nexus-Gen' } },
    orderBy: { value: 'asc' },
  });
  expect(nexus.map(({ value, place }) => [value, place])).toEqual([
    [0.77, 'Table 2'],
    [0.81, 'Table 2'],
  ]);
});

test('a data set is stored once, also by two at a time; what is odd in it is told', async () => {
  const benchmark = await benchmarkOf('synthetic-mmmu');
  const odd = {
    ...openQuestions(3, (i) => `NUL \0, half a pair \ud83d, number ${i}`),
    async *items() {
      for await (const item of openQuestions(3).items()) {
        yield { ...item, key: `odd-${item.key}` };
        yield { ...item, key: `odd-${item.key}` };
      }
      yield {
        ...{ key: 'odd-picture', group: 'Objects', data: {} },
        pictures: [{ name: 'image_1', bytes: new Uint8Array([1, 2, 3]) }],
      };
      yield { key: 'odd-text', group: 'Objects', data: { question: '\0\ud83d' }, pictures: [] };
    },
  };
  const both = await Promise.all([1, 2].map(() => storeDataset(studio.services, benchmark, odd)));
  const again = await storeDataset(studio.services, benchmark, odd);
  expect(both.map(({ id }) => id)).toEqual([again.id, again.id]);
  expect(again).toMatchObject({ itemCount: 4 });
  expect(both[0]!.problems.map(({ where }) => where)).toEqual([
    ...[0, 1, 2].map((i) => `odd-synthetic_Objects_${i}`),
    'odd-picture',
  ]);
});

test('an answer that PostgreSQL cannot keep as it is does not end the run', async () => {
  const server = await startOpenAiServer(() => wordsReply('a \0 b'));
  const settings = endpointSettingsSchema.parse({ baseUrl: server.baseUrl, model: 'stub' });
  const revision = await registerEndpoint(database.db, 'stub', { ...endpointIdentity(settings), settings });
  const id = await runs.start('synthetic-mmmu', openQuestions(1), { revision });
  await runs.reaches(id, 'done');
  expect((await runs.outcome(id)).map(({ text }) => text)).toEqual(['a \ufffd b']);
  await server.close();
});
