import { access } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../checkpoint/json';
import { CheckpointError } from '../errors';

/** Resize, crop and normalise, as eval/evaluators/README.md has it. */
export interface SquareRecipe {
  resize: number;
  crop: number;
  resample: 'box' | 'bilinear' | 'bicubic' | 'lanczos';
  /** Of values from 0 to 1. */
  mean: Readonly<Triple>;
  std: Readonly<Triple>;
}

type Triple = [number, number, number];
const imagenet: { mean: Triple; std: Triple } = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** How the published models take images. */
export const recipes = {
  /** openai/CLIP, clip/clip.py `_transform` at 224 pixels: ViT-B/32 and ViT-L/14. */
  clip: {
    ...{ resize: 224, crop: 224, resample: 'bicubic' },
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
  },
  /** facebookresearch/dino, eval_knn.py, and MagicBrush's image_eval.py. */
  dino: { resize: 256, crop: 224, resample: 'bicubic', ...imagenet },
  /** mmdetection 2, mask2former_r50_lsj_8x2_50e_coco.py `test_pipeline`: values from 0 to 255. */
  mask2former: {
    fit: { type: 'keep_ratio', long: 1333, short: 800 },
    resample: 'opencv',
    pad_multiple: 32,
    pad_value: 128,
    mean: [123.675, 116.28, 103.53],
    std: [58.395, 57.12, 57.375],
  },
} as const satisfies Record<'clip' | 'dino', SquareRecipe> & { mask2former: object };

const file = 'preprocessor_config.json';
const side = z.int().positive();
const triple = z.tuple([z.number(), z.number(), z.number()]);
const positive = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

const schema = z.object({
  size: z
    .union([
      side,
      z.object({ shortest_edge: side }).transform(({ shortest_edge }) => shortest_edge),
      z.object({ height: side, width: side }).transform(({ height }) => height),
    ])
    .optional(),
  crop_size: z
    .union([side, z.object({ height: side, width: side }).transform(({ height }) => height)])
    .optional(),
  resample: z.int().optional(),
  image_mean: triple.optional(),
  image_std: positive.optional(),
});

/** Pillow's numbers of its filters. */
const filters: Readonly<Record<number, SquareRecipe['resample']>> = {
  1: 'lanczos',
  2: 'bilinear',
  3: 'bicubic',
  4: 'box',
};

/**
 * The recipe in a folder of Hugging Face, where there is one.
 * @param usual what holds where the file says nothing
 * @throws CheckpointError checkpoint_mismatch for a resize that is not done here
 */
export async function readRecipe(folder: string, of: string, usual: SquareRecipe): Promise<SquareRecipe> {
  const config = path.join(folder, file);
  if (!(await isThere(config))) return usual;
  const found = await readJson(config, schema, of);
  const resample = found.resample === undefined ? usual.resample : filters[found.resample];
  if (!resample)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${config}: the filter ${found.resample} of Pillow is not known here.`,
    );
  return {
    resize: found.size ?? usual.resize,
    crop: found.crop_size ?? usual.crop,
    resample,
    mean: found.image_mean ?? usual.mean,
    std: found.image_std ?? usual.std,
  };
}

export const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
