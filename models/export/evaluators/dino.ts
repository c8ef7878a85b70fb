import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../checkpoint/json';
import { partOf } from '../checkpoint/part';
import type { Tensors } from '../checkpoint/tensors';
import { CheckpointError } from '../errors';
import { vitEncoder, type VitConfig } from '../graphs/vit';
import { readRecipe, recipes, type SquareRecipe } from './image';
import type { EvaluatorPlan } from './plan';
import { refuseOthers, renamed, type Renamed, type Rule } from './renamed';
import { otherModel, type Weights } from './weights';

/** How facebookresearch/dino calls a ViT's tensors, behind a prefix. Source: its vision_transformer.py. */
const originalRules: readonly Rule[] = [
  ['cls_token', 'embeddings.cls_token'],
  ['pos_embed', 'embeddings.position_embeddings'],
  ['patch_embed.proj.*', 'embeddings.patch_embeddings.projection.*'],
  ['blocks.#.norm1.*', 'encoder.layer.#.layernorm_before.*'],
  [
    'blocks.#.attn.qkv.*',
    'encoder.layer.#.attention.attention.query.*',
    'encoder.layer.#.attention.attention.key.*',
    'encoder.layer.#.attention.attention.value.*',
  ],
  ['blocks.#.attn.proj.*', 'encoder.layer.#.attention.output.dense.*'],
  ['blocks.#.norm2.*', 'encoder.layer.#.layernorm_after.*'],
  ['blocks.#.mlp.fc1.*', 'encoder.layer.#.intermediate.dense.*'],
  ['blocks.#.mlp.fc2.*', 'encoder.layer.#.output.dense.*'],
  ['norm.*', 'layernorm.*'],
];

/** Hugging Face's, which are the graphs'; the last ones are DINOv2's. */
const huggingFaceRules: readonly Rule[] = [
  ...originalRules.flatMap(([, ...names]) => names),
  ...['norm1.*', 'norm2.*', 'mlp.fc1.*', 'mlp.fc2.*', 'layer_scale1.lambda1', 'layer_scale2.lambda1'].map(
    (name) => `encoder.layer.#.${name}`,
  ),
].map((name) => [name, name]);

/** Where the backbone may be, the teacher before the student: its weights are the mean of those of the training. */
const originalPrefixes = ['teacher.', 'student.', ''].flatMap((of) =>
  ['module.backbone.', 'backbone.', 'module.', ''].map((inside) => of + inside),
);

/** Heads that embeddings are taken from before, and a token that only masks for training. */
const unused = /^(head|pooler|classifier)\.|^embeddings\.mask_token$/;

const headWidth = 64;

interface VitCheckpoint {
  names: Renamed;
  config: VitConfig;
  /** Whether it is DINOv2, whose positions are made for larger images than it is used with. */
  isSecond: boolean;
}

/**
 * A ViT of DINO: facebookresearch's file, with the training's state or without, or a folder of Hugging Face.
 * @throws CheckpointError
 */
export async function planDino(weights: Weights): Promise<EvaluatorPlan> {
  return plan(weights, 'DINO', false);
}

/** DINOv2 in a folder of Hugging Face. @throws CheckpointError */
export async function planDinov2(weights: Weights): Promise<EvaluatorPlan> {
  return plan(weights, 'DINOv2', true);
}

async function plan(weights: Weights, of: string, second: boolean): Promise<EvaluatorPlan> {
  const { names, config, isSecond } = (await ofOriginal(weights)) ?? (await ofHuggingFace(weights, of));
  if (isSecond !== second) throw otherModel(weights, of);
  refuseOthers(
    weights.place,
    of,
    names.others.filter((name) => !unused.test(name)),
  );
  const side = sideOf(names, of);
  const image = second ? await readRecipe(weights.folder, of, recipes.dino) : recipeOf(side);
  const part = await partOf(names.tensors);
  return {
    kind: 'dino',
    licence: 'Apache-2.0 (Facebook)',
    notice: '',
    graphs: {
      image_encoder: { part, nameInFile: names.nameInFile, make: (layers) => vitEncoder(layers, config) },
    },
    manifest: { image },
    files: {},
  };
}

/**
 * As DINO's own evaluation and MagicBrush's take images (facebookresearch/dino, eval_knn.py): 256 and 224 pixels, in proportion for
 * other sizes. `preprocessor_config.json` of Hugging Face would squeeze them to a square.
 */
const recipeOf = (side: number): SquareRecipe => {
  const { resize, crop } = recipes.dino;
  return { ...recipes.dino, resize: Math.round((side * resize) / crop), crop: side };
};

/** Sides of the images that the positions are for, in pixels. */
function sideOf({ tensors, nameInFile }: Renamed, of: string): number {
  const [positions, patches] = [
    'embeddings.position_embeddings',
    'embeddings.patch_embeddings.projection.weight',
  ];
  const shapeOf = (name: string, sides: number) => {
    const shape = tensors.get(name)?.shape;
    if (shape?.length !== sides)
      throw new CheckpointError(
        'checkpoint_mismatch',
        `The checkpoint has no tensor ${nameInFile(name)} of ${sides} sides, which ${of} needs.`,
      );
    return shape;
  };
  const count = shapeOf(positions!, 3)[1]! - 1;
  const grid = Math.sqrt(count);
  if (!Number.isInteger(grid) || grid === 0)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${nameInFile(positions!)} has ${count + 1} positions, not one more than the patches of a square.`,
    );
  return grid * shapeOf(patches!, 4)[3]!;
}

async function ofOriginal({ place, tensors }: Weights): Promise<VitCheckpoint | null> {
  const prefix = originalPrefixes.find(
    (one) => tensors.has(`${one}cls_token`) && tensors.has(`${one}blocks.0.attn.qkv.weight`),
  );
  if (prefix === undefined) return null;
  const own = without(tensors, prefix);
  if (own.has('blocks.0.ls1.gamma'))
    throw new CheckpointError(
      'checkpoint_format',
      `${place} is DINOv2 in the names of facebookresearch. Download it from Hugging Face.`,
    );
  const names = renamed(own, originalRules);
  const width = own.get('cls_token')!.shape.at(-1)!;
  if (width % headWidth !== 0)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${place} is ${width} wide, which is not a number of heads of ${headWidth}, as all of DINO’s are.`,
    );
  return {
    names: { ...names, nameInFile: (name) => prefix + names.nameInFile(name) },
    config: { heads: width / headWidth, epsilon: 1e-6, activation: 'gelu', interpolation: 'scale' },
    isSecond: false,
  };
}

const configSchema = z.object({
  model_type: z.string().optional(),
  hidden_size: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  hidden_act: z.enum(['gelu']).default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-12),
});

async function ofHuggingFace(weights: Weights, of: string): Promise<VitCheckpoint> {
  const { tensors, folder } = weights;
  const mark = 'encoder.layer.0.attention.attention.query.weight';
  const prefix = ['', 'vit.', 'dinov2.'].find((one) => tensors.has(`${one}${mark}`));
  if (prefix === undefined) throw otherModel(weights, of);
  const file = path.join(folder, 'config.json');
  const config = await readJson(file, configSchema, of);
  const names = renamed(prefix === '' ? tensors : without(tensors, prefix, true), huggingFaceRules);
  const { hidden_size: width, num_attention_heads: heads, num_hidden_layers: depth } = config;
  const [found] = names.tensors.get('layernorm.weight')?.shape ?? [0];
  let blocks = 0;
  while (names.tensors.has(`encoder.layer.${blocks}.attention.attention.query.weight`)) blocks++;
  if (found !== width || blocks !== depth || width % heads !== 0)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${file} speaks of ${depth} layers of ${width} with ${heads} heads, and the weights have ${blocks} layers of ${found}.`,
    );
  return {
    names: { ...names, nameInFile: (name) => prefix + name },
    config: { heads, epsilon: config.layer_norm_eps, activation: config.hidden_act, interpolation: 'size' },
    isSecond: names.tensors.has('encoder.layer.0.layer_scale1.lambda1'),
  };
}

/** The tensors behind a prefix, without it. @param keepOthers with those that do not have it */
function without(tensors: Tensors, prefix: string, keepOthers = false): Tensors {
  return new Map(
    [...tensors].flatMap(([name, tensor]) => {
      if (name.startsWith(prefix)) return [[name.slice(prefix.length), tensor] as const];
      return keepOthers ? [[name, tensor] as const] : [];
    }),
  );
}
