import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { removeUnpacked } from '../../models/export/testing/expected';
import { main } from '../../server/cli';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { evaluationOf, firstEdits } from '../support/evaluation';
import { createStudio, type TestStudio } from '../support/studio';
import { cocoDetectorWeights, installTiny } from '../support/tiny-presets';

/** Runs with presets, from what is not installed to the leaderboard. */
let database: TestDatabase;
let studio: TestStudio;
let runs: ReturnType<typeof evaluationOf>;
let revisionId: string;
let home: string;
let folder: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'presets-'));
  folder = path.join(home, 'evaluators');
  vi.stubEnv('EVALUATORS_DIR', folder);
  database = await createTestDatabase(inject('adminUrl'));
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('STUDIO_HOME', home);
  studio = await createStudio(database.url);
  runs = evaluationOf(database.url, studio);
  await runs.ready;
  revisionId = (await runs.stub()).id;
  const worker = await studio.worker();
  await worker.modelSettled;
}, 120_000);
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  vi.unstubAllEnvs();
  await runs.close();
  await studio.close();
  await database.drop();
  await removeUnpacked();
  await rm(home, { recursive: true, force: true });
});

const geneval = (settings: object = {}, more: object = {}) => ({
  ...{ benchmark: 'geneval', model: { revisionId }, requestId: randomUUID(), repeats: 1, limit: 6 },
  settings: { width: 64, height: 64, ...settings },
  ...more,
});
const reviewer = async () => studio.asUser(await studio.user('reviewer'));
const presetsOf = async (name: string) =>
  (await (await reviewer()).runs.options()).benchmarks.find((one) => one.name === name)!.presets;

async function command(...args: string[]): Promise<{ code: number; stderr: string }> {
  let stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  const code = await main(args);
  vi.restoreAllMocks();
  return { code, stderr };
}

test('what is not installed is told with what installs it, by the form, the start and the command line', async () => {
  expect(await presetsOf('geneval')).toEqual([
    { name: 'nano', usual: true, lacks: [] },
    {
      ...{ name: 'official', usual: false },
      lacks: ['mask2former-swin-s', 'clip-vit-l14'].map((evaluator) => ({
        ...{ evaluator, problem: 'missing' },
        command: `npx studio evaluator add ${evaluator} --weights FILE`,
      })),
    },
  ]);
  expect((await presetsOf('synthetic-edits')).map(({ name, lacks }) => [name, lacks.length])).toEqual([
    ['nano', 0],
    ['magicbrush-b32', 2],
    ['clip-b32', 2],
    ['clip-l14', 2],
  ]);
  expect(await presetsOf('mmmu')).toEqual([]);
  await expect((await reviewer()).runs.start(geneval({ preset: 'official' }))).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    cause: { reason: 'EVALUATORS_MISSING' },
  });
  await expect((await reviewer()).runs.start(geneval({ preset: 'clip-l14' }))).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  const { code, stderr } = await command('eval', 'run', 'geneval', '--evaluators', 'official');
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain('needs mask2former-swin-s and clip-vit-l14');
  expect(stderr).toContain('npx studio evaluator add clip-vit-l14 --weights FILE');
});

test('a detector of other classes cannot be the official one', async () => {
  await installTiny(folder, 'clip-vit-l14');
  await installTiny(folder, 'mask2former-swin-s');
  expect((await presetsOf('geneval'))[1]!.lacks).toMatchObject([
    { evaluator: 'mask2former-swin-s', problem: 'classes' },
  ]);
  const { code, stderr } = await command('eval', 'run', 'geneval', '--evaluators', 'official');
  expect(code).toBe(2);
  expect(stderr).toContain('COCO’s 80 by GenEval’s names, but there are 3 (red cube, dog, cup of tea)');
  await rm(path.join(folder, 'mask2former-swin-s'), { recursive: true });
});

test('a run with the official evaluators goes from its start to a board of its own', async () => {
  const weights = await cocoDetectorWeights(path.join(home, 'coco.pth'));
  await installTiny(folder, 'mask2former-swin-s', weights);
  expect((await presetsOf('geneval'))[1]).toEqual({ name: 'official', usual: false, lacks: [] });
  const person = await reviewer();
  const ids: string[] = [];
  for (const settings of [{ preset: 'official' }, {}, { preset: 'nano' }] as { preset?: string }[]) {
    const { id } = await person.runs.start(geneval(settings));
    const report = await runs.reaches(id, 'done');
    expect(report.counts).toMatchObject({ expected: 6, scored: 6, unscored: 0, failed: 0 });
    expect(report.preset).toBe(settings.preset ?? 'nano');
    ids.push(id);
  }
  const details = await Promise.all(ids.map((id) => person.runs.get({ id })));
  const [official, usual, nano] = details;
  expect(official).toMatchObject({ preset: 'official', settings: { preset: 'official' } });
  expect(official!.traits).toMatchObject({ preset: 'official' });
  expect(usual!.traits).toMatchObject({ preset: 'nano' });
  expect(official!.fingerprint.of).toMatchObject({
    evaluators: [
      { kind: 'detector', name: 'mask2former-swin-s' },
      { kind: 'clip', name: 'clip-vit-l14' },
    ],
    filter: { threshold: 0.3, countingThreshold: 0.9 },
  });
  // A run that names the usual preset is the run that names none.
  expect(nano!.fingerprint).toEqual(usual!.fingerprint);
  expect(nano!.fingerprint.id).not.toBe(official!.fingerprint.id);

  for (const id of ids) await person.runs.setVisibility({ id, visibility: 'published' });
  const { boards, rows } = await studio.as().leaderboard.table({ benchmark: 'geneval' });
  expect(boards).toHaveLength(2);
  const row = rows.find(({ runId }) => runId === ids[0])!;
  expect(row.provenance).toMatchObject({ preset: 'official' });
  const board = boards.find(({ id }) => id === row.board)!;
  expect(board.title).toContain('mask2former-swin-s');
  expect(board.distinct).toMatchObject({ preset: 'official' });
  expect(rows.filter((one) => one.board === row.board)).toHaveLength(1);
  const { differences } = await person.runs.compare({ first: ids[0]!, second: ids[1]! });
  expect(differences.map(({ name }) => name)).toEqual(expect.arrayContaining(['evaluators', 'settings']));
}, 240_000);

test('edits are measured with the evaluators that their preset names', async () => {
  await installTiny(folder, 'clip-vit-b32');
  await installTiny(folder, 'dino-vits16');
  expect((await presetsOf('synthetic-edits')).map(({ lacks }) => lacks)).toEqual([[], [], [], []]);
  for (const preset of ['magicbrush-b32', 'clip-l14']) {
    const revision = await runs.stub();
    const id = await runs.start('synthetic-edits', firstEdits(2), {
      ...{ revision, settings: { preset }, evaluators: {} },
    });
    const report = await runs.reaches(id, 'done');
    expect(report).toMatchObject({ preset, counts: { scored: 2 } });
    expect(report.fingerprint.evaluators).toMatchObject([
      { name: preset === 'clip-l14' ? 'clip-vit-l14' : 'clip-vit-b32' },
      { name: 'dino-vits16' },
    ]);
  }
}, 120_000);
