import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { write } from '../graphs/write';
import {
  expectedOf,
  largestDifference,
  removeUnpacked,
  unpackTinyEvaluators,
  type Stored,
} from '../testing/expected';
import { planners, type FamilyName } from './families';
import { readWeights } from './weights';

let folder: string;
beforeAll(async () => void (folder = await unpackTinyEvaluators()));
afterAll(removeUnpacked);

it.each<[FamilyName, string]>([
  ['clip-vit-b32', 'openai'],
  ['dino-vits16', 'dino'],
  ['mask2former-swin-s', 'mmdetection'],
])('%s with plain attention, for devices without the fused one, gives the same', async (name, of) => {
  const expected = expectedOf(folder);
  const plan = await planners[name](await readWeights(path.join(folder, of)), {});
  const tensor = (stored: Stored) =>
    stored.dtype === 'int64'
      ? new ort.Tensor('int64', expected.integers(stored), stored.shape)
      : new ort.Tensor('float32', expected.floats(stored), stored.shape);
  for (const [graph, { part, nameInFile, make }] of Object.entries(plan.graphs)) {
    const { bytes, weights } = write(
      graph,
      part,
      { compute: 'float32', attention: 'plain', nameInFile },
      make,
    );
    const session = await ort.InferenceSession.create(bytes, {
      logSeverityLevel: 3,
      extra: { session: { model_external_initializers_file_folder_path: weights } },
    });
    const cases = expected.cases.filter(
      (one) => one.graph === graph && [of, 'mask2former'].includes((one as { of?: string }).of ?? ''),
    );
    expect(cases.length).toBeGreaterThan(0);
    for (const { inputs, outputs } of cases) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([input, stored]) => [input, tensor(stored)]),
      );
      const found = await session.run(feeds);
      for (const [output, stored] of Object.entries(outputs))
        expect(
          largestDifference(found[output]!.data as Float32Array, expected.floats(stored)),
        ).toBeLessThanOrEqual(stored.tolerance!);
    }
    await session.release();
  }
});

it('the miniature checkpoints stay small', async () => {
  const archive = await readFile(path.join(import.meta.dirname, '../testing/tiny-evaluators.tar.gz'));
  expect(archive.length).toBeLessThan(1e6);
});
