import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { benchmarkOf } from '../../eval/benchmarks';
import { folderName, imageName } from '../../eval/benchmarks/geneval/folder';
import { metadataLine, officialPrompts } from '../../eval/benchmarks/geneval/prompts';
import { readGenevalOutputs } from '../../eval/benchmarks/geneval/outputs';
import { readMmmuOutputs } from '../../eval/benchmarks/mmmu/run-outputs';
import { readImageFolder } from '../../eval/benchmarks/image-folder';
import { inTurn, startOpenAiServer, wellBehaved, wordsReply } from '../../eval/testing/openai-server';
import { sharedData } from '../../models/runtime/testing/shared-data';
import { endpointIdentity, endpointSettingsSchema } from '../../eval/under-test/endpoint';
import { encodePng } from '../../models/runtime';
import { storeDataset } from '../../server/evaluation/dataset-store';
import { exportRun, FolderNotEmptyError } from '../../server/evaluation/export';
import { importRun } from '../../server/evaluation/import';
import { registerEndpoint } from '../../server/evaluation/revisions';
import { setMaxRequests } from '../../server/evaluation/run-store';
import { resumeRun } from '../../server/evaluation/control';
import { createRun } from '../../server/evaluation/service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { evaluationOf, firstEdits, openQuestions, tinyEvaluators } from '../support/evaluation';
import { root } from '../support/paths';
import { createStudio, type TestStudio } from '../support/studio';

/** Runs on endpoints and on outputs that were made elsewhere. */
let database: TestDatabase;
let studio: TestStudio;
let runs: ReturnType<typeof evaluationOf>;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-sources-'));
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  runs = evaluationOf(database.url, studio);
  await runs.ready;
  await studio.worker();
});
afterAll(async () => {
  await runs.close();
  await studio.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function endpoint(baseUrl: string, more: object = {}) {
  const settings = endpointSettingsSchema.parse({
    ...{
      baseUrl,
      model: 'stub',
      retry: { minDelayMs: 1, maxDelayMs: 2, maxRetryAfterMs: 5 },
      timeoutMs: 2000,
    },
    ...more,
  });
  return registerEndpoint(database.db, 'stub', { hash: endpointIdentity(settings).hash, settings });
}

const picture = (shade: number) =>
  encodePng({ width: 16, height: 16, data: new Uint8Array(16 * 16 * 3).fill(shade) });

test('an endpoint edits pictures, through a 429, a 500 and a dropped connection', async () => {
  const fine = wellBehaved();
  const server = await startOpenAiServer(
    inTurn({ status: 429, headers: { 'retry-after': '0' } }, fine, { status: 500 }, 'drop', fine),
  );
  const revision = await endpoint(server.baseUrl, { concurrency: 1 });
  const id = await runs.start('synthetic-edits', firstEdits(3), { revision });
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ scored: 3, failed: 0 });
  expect(report.model).toMatchObject({ name: 'stub', kind: 'endpoint' });
  expect(server.requests.map((request) => request.path)).toEqual(Array(6).fill('/v1/images/edits'));
  await server.close();
});

test('an endpoint that answers with text instead of a picture, or with rubbish, fails these items alone', async () => {
  const fine = wellBehaved();
  const server = await startOpenAiServer(
    inTurn(wordsReply('I cannot draw.'), fine, { body: '<html>oops</html>' }, fine),
  );
  const revision = await endpoint(server.baseUrl, { concurrency: 1, maxAttempts: 1 });
  const id = await runs.start('synthetic-edits', firstEdits(4), { revision });
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ scored: 2, failed: 2 });
  expect(report.incomplete).toBe(true);
  expect(Object.keys(report.problems).join('\n')).toMatch(/text instead of an image/);
  await server.close();
});

test('an endpoint that refuses the key ends the run; at the spending limit it pauses and can go on', async () => {
  const refusing = await startOpenAiServer(() => ({ status: 401, body: { error: { message: 'bad key' } } }));
  const denied = await runs.start('synthetic-mmmu', openQuestions(4), {
    revision: await endpoint(refusing.baseUrl),
  });
  expect((await runs.reaches(denied, 'failed')).reason).toMatch(/401/);
  await refusing.close();

  const server = await startOpenAiServer();
  const id = await runs.start('synthetic-mmmu', openQuestions(5), {
    revision: await endpoint(server.baseUrl, { maxRequests: 3, concurrency: 1 }),
  });
  const paused = await runs.reaches(id, 'paused');
  expect(paused.reason).toMatch(/limit/i);
  expect(paused.counts).toMatchObject({ generated: 3, missing: 2, failed: 0 });
  await resumeRun(studio.services, id);
  await runs.reaches(id, 'paused');
  expect(server.requests).toHaveLength(3);
  // Another run's limit is not this one's.
  await endpoint(server.baseUrl, { concurrency: 1 });
  await resumeRun(studio.services, id);
  await runs.reaches(id, 'paused');
  expect(server.requests).toHaveLength(3);
  await setMaxRequests(database.db, id, 9);
  await resumeRun(studio.services, id);
  expect((await runs.reaches(id, 'done')).counts).toMatchObject({ scored: 5 });
  expect(server.requests).toHaveLength(5);
  await server.close();
});

test('a GenEval folder is imported: what is missing, corrupt or not official is told', async () => {
  const images = path.join(folder, 'geneval');
  const prompts = officialPrompts();
  for (const i of [0, 1]) {
    const samples = path.join(images, folderName(i), 'samples');
    await mkdir(samples, { recursive: true });
    await writeFile(path.join(images, folderName(i), 'metadata.jsonl'), `${metadataLine(prompts[i]!)}\n`);
    for (let k = 0; k < 4; k++) await writeFile(path.join(samples, imageName(k)), await picture(50 * i + k));
  }
  await writeFile(path.join(images, folderName(1), 'samples', imageName(3)), 'no picture');
  const { outputs, problems } = await readGenevalOutputs(images);
  expect(problems.some(({ where, reason }) => where.endsWith('0003.png') && reason !== '')).toBe(true);
  const benchmark = await benchmarkOf('geneval');
  const version = await storeDataset(studio.services, benchmark, await benchmark.open({}));
  const id = await importRun(studio.services, {
    ...{ benchmark, version, settings: {}, evaluators: tinyEvaluators, name: 'elsewhere', outputs },
  });
  const report = await runs.reaches(id, 'done');
  expect(report.model).toMatchObject({ name: 'elsewhere', kind: 'imported' });
  expect(report.counts).toMatchObject({ expected: 2212, failed: 2212 - 7, missing: 0 });
  expect(report.counts.scored + report.counts.unscored).toBe(7);
  expect(report.incomplete).toBe(true);
  expect(report.problems['No output was imported for this item.']).toBe(2205);
});

const llava = sharedData('mmmu', 'llava1.5_13b');
test.skipIf(llava === null)('MMMU’s published answers are imported and give 330 of 900', async () => {
  const benchmark = await benchmarkOf('mmmu');
  const { outputs, dataset, problems } = await readMmmuOutputs(llava!);
  expect(problems).toEqual([]);
  const version = await storeDataset(studio.services, benchmark, dataset);
  const id = await importRun(studio.services, {
    benchmark,
    version,
    settings: {},
    name: 'llava1.5_13b',
    outputs,
  });
  const report = await runs.reaches(id, 'done');
  expect(report.summary).toMatchObject({ overall: { correct: 330, n: 900 }, missing: 0, incomplete: false });
  expect(report.aggregates.find(({ group }) => group === '')).toMatchObject({ n: 900, mean: 330 / 900 });
});

test('edited pictures are imported by the names of their items, and exported as pairs', async () => {
  const benchmark = await benchmarkOf('synthetic-edits');
  const version = await storeDataset(studio.services, benchmark, firstEdits(4));
  const images = path.join(folder, 'edited');
  await mkdir(images);
  for (const i of [0, 1, 2]) await writeFile(path.join(images, `edit-${i}.png`), await picture(i));
  await writeFile(path.join(images, 'edit-2.jpg'), 'second');
  await writeFile(path.join(images, 'stranger.png'), await picture(9));
  await writeFile(path.join(images, 'notes.txt'), '');
  const keys = new Set([0, 1, 2, 3].map((i) => `edit-${i}`));
  const { outputs, problems } = await readImageFolder(images, keys);
  expect(problems.map(({ where }) => where)).toEqual(['edit-2.png', 'notes.txt', 'stranger.png', 'edit-3']);
  const id = await importRun(studio.services, {
    ...{ benchmark, version, settings: {}, evaluators: tinyEvaluators, name: 'elsewhere', outputs },
  });
  const report = await runs.reaches(id, 'done');
  expect(report.counts).toMatchObject({ expected: 4, scored: 2, failed: 2 });
  const out = path.join(folder, 'exported');
  const exported = await exportRun(studio.services, id, out);
  expect(exported).toMatchObject({ withoutOutput: 2, files: 3 + 3 * 2 });
  await expect(exportRun(studio.services, id, out)).rejects.toThrow(FolderNotEmptyError);
});

test('MMMU’s parquet files are run: of a question with several pictures a model may get the first', async () => {
  const data = path.join(root, 'eval/datasets/testing/mmmu');
  const benchmark = await benchmarkOf('mmmu');
  const revision = await runs.stub();
  const all = await runs.start('mmmu', await benchmark.open({ data }), { revision });
  const report = await runs.reaches(all, 'done');
  expect(report.counts).toMatchObject({ expected: 4, scored: 3, failed: 1 });
  expect(Object.keys(report.problems)).toEqual([
    expect.stringMatching(/accepts one image, and the question has 3/),
  ]);
  const first = await runs.start('mmmu', await benchmark.open({ data }), {
    revision,
    settings: { images: 'first' },
  });
  const done = await runs.reaches(first, 'done');
  expect(done.counts).toMatchObject({ scored: 4, failed: 0 });
  // Four of the 900: not a result of MMMU.
  expect(done).toMatchObject({ incomplete: true, summary: { missing: 896 } });
  expect(done.fingerprint.id).not.toBe(report.fingerprint.id);
});

test('an import that is broken off is no result, and cannot be gone on with', async () => {
  const benchmark = await benchmarkOf('synthetic-edits');
  const version = await storeDataset(studio.services, benchmark, firstEdits(2));
  const file = path.join(folder, 'one.png');
  await writeFile(file, await picture(3));
  const outputs = [0, 1].map((i) => ({ key: `edit-${i}`, repeat: 0, path: file }));
  const given = { benchmark, version, settings: {}, evaluators: tinyEvaluators, name: 'cut', outputs };
  const stop = () => {
    throw new Error('stopped');
  };
  await expect(importRun(studio.services, { ...given, onOutput: stop })).rejects.toThrow('stopped');
  const cut = await database.db.prisma.evaluationRun.findFirstOrThrow({
    where: { revision: { model: { name: 'cut' } } },
  });
  expect(cut).toMatchObject({ state: 'cancelled', reason: 'The import was interrupted.' });
  // Killed, it stays as it is while outputs are brought.
  const id = await createRun(studio.services, { ...given, revision: await runs.stub() }, false);
  await expect(resumeRun(studio.services, id)).rejects.toThrow('Import them again');
});

test('the items of a data set that could not be used are told, and keep a run out of rankings', async () => {
  const damaged = { ...firstEdits(2), problems: [{ where: 'line 3', reason: 'is no JSON' }] };
  const id = await runs.start('synthetic-edits', damaged, { revision: await runs.stub() });
  const report = await runs.reaches(id, 'done');
  expect(report).toMatchObject({
    incomplete: true,
    counts: { scored: 2 },
    dataProblems: [{ where: 'line 3', reason: 'is no JSON' }],
  });
});
