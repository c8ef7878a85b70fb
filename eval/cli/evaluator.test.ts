import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { removeUnpacked, unpackTinyEvaluators } from '../../models/export/testing/expected';
import { shippedEvaluators } from '../evaluators/open';
import { studio } from '../testing/studio';

let folder: string;
let weights: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'evaluator-'));
  vi.stubEnv('EVALUATORS_DIR', path.join(folder, 'added'));
  weights = await unpackTinyEvaluators();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
  await removeUnpacked();
});
afterEach(() => vi.restoreAllMocks());

const run = (...args: string[]) => studio('evaluator', ...args);

test('the evaluators that can be added are listed with their licences', async () => {
  const { code, stdout } = await run('list');
  expect(code).toBe(0);
  for (const name of ['clip-vit-b32', 'clip-vit-l14', 'dino-vits16', 'dinov2', 'mask2former-swin-s'])
    expect(stdout).toContain(name);
  const { evaluators } = JSON.parse((await run('list', '--json')).stdout) as { evaluators: object[] };
  expect(evaluators).toContainEqual(expect.objectContaining({ name: 'dino-vits16', kind: 'dino' }));
});

test('a detector is made, described and checked, until its weights change', async () => {
  const out = path.join(folder, 'detector');
  const file = path.join(weights, 'mmdetection', 'tiny.pth');
  const made = await run('add', 'mask2former-swin-s', '--weights', file, '--out', out, '--json');
  expect(made.code).toBe(0);
  const { hash } = JSON.parse(made.stdout) as { hash: string };
  const described = await run('info', out);
  expect(described.stdout).toContain('3 classes: red cube, dog, cup of tea');
  expect(described.stdout).toContain('It lacks 79 of GenEval’s 80 classes.');
  expect(described.stdout).toContain(file);
  const info = JSON.parse((await run('info', out, '--json')).stdout) as object;
  expect(info).toMatchObject({ name: 'mask2former-swin-s', kind: 'detector', hash, classes: { length: 3 } });
  const checked = await run('check', out);
  expect(checked.stdout).toContain('are as they were');
  await utimes(file, 1, 1);
  const { code, stderr } = await run('check', out);
  expect(code).toBe(1);
  expect(stderr).toContain('were changed after the evaluator directory was made');
});

test('a CLIP says what it takes, its tokenizer elsewhere', async () => {
  const out = path.join(folder, 'clip');
  const file = path.join(weights, 'openai', 'ViT-tiny.pt');
  const { code, stdout } = await run(
    ...['add', 'clip-vit-b32', '--weights', file, '--out', out, '--tokenizer', path.join(weights, 'clip')],
  );
  expect(code).toBe(0);
  expect(stdout).toContain('images of 32 × 32, bicubic; texts of up to 16 tokens');
});

test('what is added without a folder is found by presets, and the list says which are ready', async () => {
  const presets = async () => {
    const { code, stdout } = await run('list', '--json');
    expect(code).toBe(0);
    const list = JSON.parse(stdout) as { presets: { name: string; ready: boolean; benchmarks: string[] }[] };
    return Object.fromEntries(list.presets.map(({ name, ready }) => [name, ready]));
  };
  const none = { nano: true, official: false, 'magicbrush-b32': false, 'clip-b32': false, 'clip-l14': false };
  expect(await presets()).toEqual(none);
  const before = (await run('list')).stdout;
  expect(before).toContain('official (geneval): not ready');
  expect(before).toContain('missing: npx studio evaluator add mask2former-swin-s --weights FILE');
  for (const [name, model] of [
    ['clip-vit-b32', 'clip'],
    ['dino-vits16', 'vit'],
  ] as const)
    expect((await run('add', name, '--weights', path.join(weights, model))).code).toBe(0);
  expect(await presets()).toEqual({ ...none, 'magicbrush-b32': true, 'clip-b32': true });
  const { stdout } = await run('list');
  expect(stdout).toContain('magicbrush-b32 (imagepulse, synthetic-edits): ready');
  expect(stdout).toMatch(/dino-vits16: dino dino-vits16 \w+/);
});

test('those that come with the project are described too', async () => {
  const { code, stdout } = await run('info', path.join(shippedEvaluators, 'nano-detector'));
  expect(code, stdout).toBe(0);
  expect(stdout).toContain('80 classes: person, bicycle');
  expect(stdout).not.toContain('lacks');
});

test.each([
  ['a folder without an evaluator', () => ['info', folder], 1, 'No evaluator at'],
  ['another name', () => ['add', 'other', '--weights', weights, '--out', folder], 2, 'Allowed choices'],
  ['no weights', () => ['add', 'dino-vits16', '--out', path.join(folder, 'x')], 2, '--weights'],
  [
    'weights of another model',
    () => [
      ...['add', 'dino-vits16', '--weights', path.join(weights, 'openai')],
      ...['--out', path.join(folder, 'x')],
    ],
    2,
    'It looks like CLIP in the names of OpenAI',
  ],
  [
    'a directory that is there',
    () => ['add', 'dino-vits16', '--weights', path.join(weights, 'vit'), '--out', weights],
    2,
    'is there already',
  ],
])('%s is told in one line', async (_what, args, code, says) => {
  const result = await run(...args());
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(says);
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
});
