import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { removeUnpacked, unpackTiny } from '../../models/export/testing/expected';
import { main } from '../cli';
import { shippedModel } from './options';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'model-'))));
afterAll(async () => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** Exit code, and what was said on both streams. */
async function run(...args: string[]) {
  const said = { out: '', error: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.error += String(text)), true));
  const code = await main(['model', ...args]);
  return { code, ...said };
}

test('the models that can be added are listed with their licences', async () => {
  const { code, out } = await run('list');
  expect(code).toBe(0);
  expect(out).toContain('nexus-gen-v2');
  expect(out).toContain('Non-Commercial');
});

test('a directory is described and checked', async () => {
  const described = await run('info', shippedModel);
  expect(described.out).toContain('nexus-gen-nano');
  const { out } = await run('check', shippedModel, '--json');
  expect(JSON.parse(out)).toMatchObject({
    dir: shippedModel,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
});

test.each([
  ['a folder without a model', () => ['info', folder], 1, 'No model at'],
  [
    'another model',
    () => ['add', 'other', '--weights', folder, '--out', path.join(folder, 'x')],
    2,
    'Allowed choices',
  ],
  ['no weights', () => ['add', 'nexus-gen-v2', '--out', path.join(folder, 'x')], 2, '--weights'],
  [
    'another precision',
    () => [
      ...['add', 'nexus-gen-v2', '--weights', folder, '--out', path.join(folder, 'x')],
      ...['--precision', 'int3'],
    ],
    2,
    'Allowed choices are as-is, f32, f16, int8, int4',
  ],
  [
    'an empty folder',
    () => ['add', 'nexus-gen-v2', '--weights', folder, '--out', path.join(folder, 'x')],
    2,
    'Is it the right folder',
  ],
])('%s is told in one line', async (_what, args, code, says) => {
  const { code: found, error } = await run(...args());
  expect(found).toBe(code);
  expect(error).toContain(says);
  expect(error.trim().split('\n')).toHaveLength(1);
});

test('quantised weights are shown with their size', async () => {
  const dir = path.join(folder, 'int4');
  const weights = await unpackTiny();
  const { code } = await run(
    ...['add', 'nexus-gen-v2', '--weights', weights, '--out', dir],
    ...['--precision', 'int4'],
  );
  expect(code).toBe(0);
  const { out } = await run('info', dir);
  expect(out).toMatch(/generation .* bf16, int4 \([\d.]+ MB in blocks\)/);
  expect(out).toMatch(/vae .* f32\n/);
  await removeUnpacked();
});

test('a config of something else is told', async () => {
  await writeFile(path.join(folder, 'config.json'), '{"model_type":"llama"}');
  const { code, error } = await run(
    'add',
    'nexus-gen-v2',
    '--weights',
    folder,
    '--out',
    path.join(folder, 'x'),
  );
  expect(code).toBe(2);
  expect(error).toContain('is not one of Nexus-Gen');
});
