import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadEvaluator } from '../../eval/evaluators/manifest';
import { readTensorFile } from '../../models/export/checkpoint/open';
import type { StoredTensor } from '../../models/export/checkpoint/tensors';
import { addEvaluator } from '../../models/export/evaluators/add';
import type { FamilyName } from '../../models/export/evaluators/families';
import { unpackTinyEvaluators } from '../../models/export/testing/expected';
import { savedAgain } from '../../models/export/testing/saved-again';
import { CLASSES } from '../../models/scenes/classes';

/** The evaluators of the presets in miniature, of random weights, made of files as they are published. */

const weightsOf: Readonly<Record<string, string>> = {
  'clip-vit-b32': 'clip',
  'clip-vit-l14': 'openai',
  'dino-vits16': 'vit',
  'mask2former-swin-s': 'mmdetection',
};

/** @param weights of another model than the family's miniature */
export async function installTiny(folder: string, name: FamilyName, weights?: string): Promise<void> {
  const published = weights ?? path.join(await unpackTinyEvaluators(), weightsOf[name]!);
  const out = path.join(folder, name);
  await addEvaluator({ name, weights: published, out, check: (dir) => loadEvaluator(dir) });
}

/**
 * The miniature Mask2Former with COCO's 80 classes instead of its three: a file as mmdetection writes it.
 * @param file to be made
 */
export async function cocoDetectorWeights(file: string): Promise<string> {
  const tensors = new Map(
    await readTensorFile(path.join(await unpackTinyEvaluators(), 'mmdetection', 'tiny.pth')),
  );
  for (const part of ['weight', 'bias']) {
    const name = `panoptic_head.cls_embed.${part}`;
    const { shape, ...few }: StoredTensor = tensors.get(name)!;
    const rows = CLASSES.length + 1;
    const numbers = new Float32Array(rows * (shape[1] ?? 1)).map((_, i) => Math.sin(i * 1.7) * 2);
    const raw = `${file}.${part}`;
    await writeFile(raw, numbers);
    tensors.set(name, {
      ...{ ...few, dtype: 'F32', file: raw, offset: 0, length: numbers.byteLength },
      shape: [rows, ...shape.slice(1)],
    });
  }
  const meta = { CLASSES: CLASSES.map(({ name }) => name), mmdet_version: '2.28.2' };
  await writeFile(file, savedAgain(tensors, undefined, { meta }));
  return file;
}
