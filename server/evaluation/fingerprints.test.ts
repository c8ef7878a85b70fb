import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { benchmarkOf } from '../../eval/benchmarks';
import { tinyEvaluator } from '../../eval/testing/evaluators';
import { unpackSamples } from './recorded/format';
import { presetOf } from './runs/traits';
import { planRun, type NewRun } from './service';

/** Fingerprints decide which runs are ranked together: those of runs that exist must never change. */

const tinyEvaluators = {
  clip: tinyEvaluator('clip'),
  dino: tinyEvaluator('dino'),
  detector: tinyEvaluator('detector'),
};

type Asked = Pick<NewRun, 'settings' | 'repeats' | 'subset'> & {
  benchmark: string;
  /** With the evaluators of the tests, for those that are not in the repository. */
  tiny?: true;
  dataset?: string;
  items?: number;
};

async function plan({ benchmark, dataset = 'd'.repeat(64), items = 10, tiny, ...given }: Asked) {
  // No run with given positions reads the database.
  const deps = {} as Parameters<typeof planRun>[0];
  return planRun(deps, {
    benchmark: await benchmarkOf(benchmark),
    version: { id: 'version', datasetHash: dataset, itemCount: items },
    revision: {
      ...{ id: 'revision', kind: 'imported', hash: 'a'.repeat(64), name: 'model', version: '1' },
      ...{ manifest: {}, location: null },
    },
    ...given,
    evaluators: tiny && tinyEvaluators,
  });
}

const edits = { width: 64, height: 64, steps: 3, guidance: 2.5 };

test.each<[id: string, asked: Asked]>([
  [
    '048f95597b93ea04f82ca04ea4038057189316264980fc6200e0ac9bdb0f7dd8',
    { benchmark: 'geneval', settings: {} },
  ],
  [
    '7f872f68a8175e551561bc30c0537664ab080238dc2e89a1c35ffdf5431d0aa2',
    { benchmark: 'geneval', settings: { language: 'zh', seed: 7, steps: 3 }, repeats: 1 },
  ],
  [
    '1f685893ba35509432b577c87523ab7856270c009604577c0f7cc4de4a22344a',
    { benchmark: 'geneval', settings: {}, subset: { positions: [1, 3] }, tiny: true },
  ],
  ['481d1efd323f4fd06fc92d95bd81d6bf8ff420068e28600d6d56a907bfee8b5b', { benchmark: 'mmmu', settings: {} }],
  [
    '0b6c58f31adbf1f33b1c76a4dcdb22556ee597a3c170637409b49806d6914b09',
    { benchmark: 'mmmu', settings: { images: 'first', maxNewTokens: 9 } },
  ],
  [
    'e5e3cde03c39aa8627faef2ba14659babc4e7a081569d4e907d8cff5839765b8',
    { benchmark: 'synthetic-mmmu', settings: {} },
  ],
  [
    '080b36e54c504f5c4d0c2aad37013d028fce9d3b334607debd4b3bf1d6673024',
    { benchmark: 'synthetic-mmmu', settings: { prompt: 'question' } },
  ],
  [
    '4f1a7911817df61cc8ab45d2a81cec8afca1dfd2a78fdc82478604f68452c07c',
    { benchmark: 'synthetic-edits', settings: {} },
  ],
  [
    'f07626c6009455d3a88624ed36ee78194af743b188eccb03e00783026f93d198',
    { benchmark: 'synthetic-edits', settings: { ...edits, decoder: 'editing', preset: 'nano' } },
  ],
  [
    '6a1874e8eaa1cb231eaf06c45f69ced9f9c07e990b774f7a1264ad3681eeabf8',
    { benchmark: 'synthetic-edits', settings: { preset: 'magicbrush-b32' }, tiny: true },
  ],
  [
    '897b48c474aa87d536512420c6c98b570fe894d99b17ae12cada08bb5f663fea',
    { benchmark: 'imagepulse', settings: {}, tiny: true },
  ],
  [
    '87491c2a958255d08cf829cbeded4bf3dea7b7f0c33944c5c056650046cd768e',
    { benchmark: 'imagepulse', settings: { preset: 'nano' } },
  ],
  [
    'a04b73464e79503943ce35e6828608abfed6184631d2ec82e2933fef1d9dde9c',
    { benchmark: 'imagepulse', settings: { preset: 'magicbrush-b32' }, tiny: true },
  ],
  [
    '5723ed88c3df8d6dc6313a60047463aa1e4c40595c56cef3b60786f8eb959b9b',
    { benchmark: 'imagepulse', settings: { preset: 'clip-b32' }, tiny: true },
  ],
  [
    '45cd0be31904067787dfb08efab706a9dfaece388518bfe602cb1484ee1426c6',
    { benchmark: 'imagepulse', settings: { preset: 'clip-l14' }, tiny: true },
  ],
])('%s is the fingerprint of %j', async (id, asked) => {
  expect((await plan(asked)).fingerprintId).toBe(id);
});

test('GenEval’s usual preset is that of a run that names none, and another is another measurement', async () => {
  const fingerprintOf = async (settings: object, tiny?: true) =>
    (await plan({ benchmark: 'geneval', settings, tiny })).fingerprintId;
  expect(await fingerprintOf({ preset: 'nano' })).toBe(await fingerprintOf({}));
  expect(await fingerprintOf({ preset: 'official' }, true)).not.toBe(await fingerprintOf({}, true));
});

test.each<[preset: string | null, asked: Asked]>([
  ['nano', { benchmark: 'geneval', settings: {} }],
  [null, { benchmark: 'geneval', settings: {}, tiny: true }],
  ['official', { benchmark: 'geneval', settings: { preset: 'official' }, tiny: true }],
  ['nano', { benchmark: 'synthetic-edits', settings: {} }],
  ['magicbrush-b32', { benchmark: 'imagepulse', settings: {}, tiny: true }],
  [null, { benchmark: 'mmmu', settings: {} }],
])('%s is the preset of %j', async (preset, asked) => {
  const { fingerprintOf } = await plan(asked);
  expect(presetOf({ fingerprintOf: fingerprintOf as Record<string, unknown> })).toBe(preset);
});

test('what is not installed is named with what installs it', async () => {
  vi.stubEnv('EVALUATORS_DIR', '/nowhere');
  await expect(plan({ benchmark: 'geneval', settings: { preset: 'official' } })).rejects.toThrow(
    'The preset official needs mask2former-swin-s and clip-vit-l14, not found in /nowhere',
  );
  vi.unstubAllEnvs();
});

describe('a recorded run asked again', () => {
  const folder = path.join(import.meta.dirname, '../../models/nexus-gen-nano/evaluation');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

  test.each(names)('has the fingerprint of %s', async (name) => {
    const { benchmark, fingerprint } = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as {
      benchmark: { name: string; dataset: string };
      fingerprint: { id: string; settings: object };
    };
    const { head } = unpackSamples(readFileSync(path.join(folder, name.replace('.json', '.samples.gz'))));
    const { id, ...parts } = fingerprint;
    const found = await plan({
      ...{ benchmark: benchmark.name, dataset: benchmark.dataset, settings: fingerprint.settings },
      ...{ repeats: head.repeats, items: head.datasetItems },
      subset: head.items.length > 0 ? { positions: head.items } : undefined,
    });
    expect(found.fingerprintOf).toEqual(parts);
    expect(found.fingerprintId).toBe(id);
  });
});
