import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { OBJECT_NAMES } from './geneval/names';
import { presetEvaluators, presetRefusal } from './preset-state';
import { presets, presetsFor } from './presets';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'presets-'));
  vi.stubEnv('EVALUATORS_DIR', folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(() => vi.unstubAllEnvs());

async function install(name: string, manifest: object | string): Promise<void> {
  await mkdir(path.join(folder, name), { recursive: true });
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  await writeFile(path.join(folder, name, 'manifest.json'), text);
}
const detector = (more: object = {}) => ({ kind: 'detector', classes: OBJECT_NAMES, ...more });

test('a benchmark has the presets that name every kind of evaluator it needs', () => {
  const names = (...kinds: Parameters<typeof presetsFor>[0][number][]) =>
    presetsFor(kinds).map(({ name }) => name);
  expect(names('detector', 'clip')).toEqual(['nano', 'official']);
  expect(names('clip', 'dino')).toEqual(['nano', 'magicbrush-b32', 'clip-b32', 'clip-l14']);
  expect(names()).toEqual([]);
});

test('the documentation has every preset with its evaluators', () => {
  const readme = readFileSync(path.join(import.meta.dirname, '../evaluators/README.md'), 'utf8');
  for (const { name, evaluators } of Object.values(presets)) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` `));
    for (const one of Object.values(evaluators)) expect(row).toContain(`\`${one}\``);
  }
});

test('nano’s evaluators come with the project', () => {
  expect(presetRefusal(presets.nano)).toBeNull();
});

test('all that is missing is told in one line, and only what is needed', async () => {
  const refusal = presetRefusal(presets.official)!;
  expect(refusal).not.toContain('\n');
  expect(refusal).toBe(
    `The preset official needs mask2former-swin-s and clip-vit-l14, not found in ${folder}. Install with: ` +
      'npx studio evaluator add mask2former-swin-s --weights FILE; npx studio evaluator add clip-vit-l14 --weights FILE',
  );
  expect(presetRefusal(presets.official, ['clip'])).not.toContain('mask2former');
  await install('clip-vit-l14', { kind: 'clip' });
  expect(presetRefusal(presets.official, ['clip'])).toBeNull();
  await install('mask2former-swin-s', detector({ thresholds: { default: 0.3, counting: 0.9 } }));
  expect(presetRefusal(presets.official)).toBeNull();
});

test.each<[what: string, manifest: object | string, problem: string, why: string]>([
  ['no JSON', '{', 'unreadable', 'damaged'],
  ['JSON of something else', '[]', 'unreadable', 'damaged'],
  ['another kind', { kind: 'clip' }, 'kind', 'of the kind clip, not detector'],
  [
    'other classes',
    detector({ classes: ['red cube', 'dog'] }),
    'classes',
    'COCO’s 80 by GenEval’s names, but there are 2 (red cube, dog)',
  ],
  [
    'another order',
    detector({ classes: [...OBJECT_NAMES].reverse() }),
    'classes',
    `number 1 is ${OBJECT_NAMES.at(-1)}, not person`,
  ],
  [
    'other thresholds',
    detector({ thresholds: { default: 0.5, counting: 0.9 } }),
    'thresholds',
    '0.5 and 0.9, not GenEval’s 0.3 and 0.9',
  ],
])('a detector that is %s cannot be the official one', async (_, manifest, problem, why) => {
  await install('mask2former-swin-s', manifest);
  const [found] = presetEvaluators(presets.official);
  expect(found).toMatchObject({ kind: 'detector', problem });
  expect(found!.why).toContain(why);
  const refusal = presetRefusal(presets.official, ['detector'])!;
  expect(refusal).toContain(why);
  expect(refusal).toContain(path.join(folder, 'mask2former-swin-s'));
});
