import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../checkpoint/json';
import { partOf } from '../checkpoint/part';
import type { Tensors } from '../checkpoint/tensors';
import { CheckpointError } from '../errors';
import {
  clipBlockMark,
  clipImageEncoder,
  clipImageSide,
  clipTextEncoder,
  type ClipTowerConfig,
} from '../graphs/clip';
import { Layers } from '../graphs/layers';
import { GraphBuilder } from '../onnx/graph-builder';
import { readRecipe, recipes } from './image';
import type { EvaluatorPlan, FamilyOptions } from './plan';
import { refuseOthers, renamed, type Renamed, type Rule } from './renamed';
import { readClipTokenizer } from './tokenizer';
import { otherModel, type Weights } from './weights';

/** How OpenAI calls CLIP's tensors. Source: openai/CLIP, clip/model.py. */
const openaiRules: readonly Rule[] = [
  ...(
    [
      ['visual.transformer.', 'vision_model.encoder.'],
      ['transformer.', 'text_model.encoder.'],
    ] as const
  ).flatMap(([from, to]): Rule[] => {
    const [file, graph] = [`${from}resblocks.#.`, `${to}layers.#.`];
    return [
      [
        `${file}attn.in_proj_*`,
        `${graph}self_attn.q_proj.*`,
        `${graph}self_attn.k_proj.*`,
        `${graph}self_attn.v_proj.*`,
      ],
      [`${file}attn.out_proj.*`, `${graph}self_attn.out_proj.*`],
      [`${file}ln_1.*`, `${graph}layer_norm1.*`],
      [`${file}ln_2.*`, `${graph}layer_norm2.*`],
      [`${file}mlp.c_fc.*`, `${graph}mlp.fc1.*`],
      [`${file}mlp.c_proj.*`, `${graph}mlp.fc2.*`],
    ];
  }),
  ['visual.class_embedding', 'vision_model.embeddings.class_embedding'],
  ['visual.positional_embedding', 'vision_model.embeddings.position_embedding.weight'],
  ['visual.conv1.weight', 'vision_model.embeddings.patch_embedding.weight'],
  ['visual.ln_pre.*', 'vision_model.pre_layrnorm.*'],
  ['visual.ln_post.*', 'vision_model.post_layernorm.*'],
  ['visual.proj', 'visual_projection.weight'],
  ['token_embedding.weight', 'text_model.embeddings.token_embedding.weight'],
  ['positional_embedding', 'text_model.embeddings.position_embedding.weight'],
  ['ln_final.*', 'text_model.final_layer_norm.*'],
  ['text_projection', 'text_projection.weight'],
];

/** Hugging Face's names are the graphs'. */
const huggingFaceRules: readonly Rule[] = [...new Set(openaiRules.flatMap(([, ...names]) => names))].map(
  (name) => [name, name],
);

/** Tensors of a file that compute nothing here: the scale of similarities, sizes, and what is recomputed. */
const unused =
  /^(logit_scale|input_resolution|context_length|vocab_size|(.*\.)?position_ids|(.*\.)?attn_mask)$/;

/** Heads of OpenAI's models are so wide, and its files do not say how many there are. */
const headWidth = 64;

type TowerName = 'text' | 'vision';

interface ClipCheckpoint {
  names: Renamed;
  towers: Record<TowerName, ClipTowerConfig>;
  /** The end token as the reference looks for it; null for the largest token of a text. */
  end: number | null;
  /** The token that fills up texts; null for the tokenizer's. */
  pad: number | null;
}

/**
 * A CLIP: OpenAI's archive or state dict, or a folder of Hugging Face.
 * @throws CheckpointError
 */
export async function planClip(weights: Weights, options: FamilyOptions): Promise<EvaluatorPlan> {
  const { names, towers, end, pad } = weights.tensors.has(
    'visual.transformer.resblocks.0.attn.in_proj_weight',
  )
    ? ofOpenai(weights)
    : await ofHuggingFace(weights);
  refuseOthers(
    weights.place,
    'CLIP',
    names.others.filter((name) => !unused.test(name)),
  );
  const part = await partOf(names.tensors);
  const layersOf = (name: string) =>
    new Layers(new GraphBuilder(name, (file) => file), part.tensors, {
      compute: 'float32',
      nameInFile: names.nameInFile,
    });
  const text = layersOf('text_encoder');
  const [vocabulary] = text.shape('text_model.embeddings.token_embedding.weight', null, null) as [number];
  const [context] = text.shape('text_model.embeddings.position_embedding.weight', null, null) as [number];
  const side = clipImageSide(layersOf('image_encoder'));
  const image = await readRecipe(weights.folder, 'CLIP', {
    ...{ ...recipes.clip, resize: side, crop: side },
  });
  if (image.crop !== side)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `preprocessor_config.json speaks of images of ${image.crop} pixels, and the positions of the vision encoder are for ${side}.`,
    );
  const tokenizer = await readClipTokenizer(weights.folder, options.tokenizer, vocabulary);
  const graph = (make: (layers: Layers) => void) => ({ part, nameInFile: names.nameInFile, make });
  return {
    kind: 'clip',
    licence: 'MIT (OpenAI)',
    notice: '',
    graphs: {
      image_encoder: graph((layers) => clipImageEncoder(layers, towers.vision)),
      text_encoder: graph((layers) => clipTextEncoder(layers, { ...towers.text, end })),
    },
    manifest: {
      image,
      tokenizer: {
        ...{ file: 'tokenizer.json', context_length: context },
        ...{ bos: tokenizer.bos, eos: tokenizer.eos, pad: pad ?? tokenizer.pad },
      },
    },
    files: { 'tokenizer.json': tokenizer.bytes },
  };
}

const widthOf = (tensors: Tensors, tower: TowerName): number =>
  tensors.get(tower === 'text' ? 'text_model.final_layer_norm.weight' : 'vision_model.post_layernorm.weight')
    ?.shape[0] ?? 0;

function ofOpenai({ place, tensors }: Weights): ClipCheckpoint {
  const names = renamed(tensors, openaiRules);
  const tower = (name: TowerName): ClipTowerConfig => {
    const width = widthOf(names.tensors, name);
    if (width % headWidth !== 0)
      throw new CheckpointError(
        'checkpoint_mismatch',
        `${place}: its ${name} encoder is ${width} wide, which is not a number of heads of ${headWidth}, as all of OpenAI’s are.`,
      );
    return { heads: width / headWidth, epsilon: 1e-5, activation: 'quick_gelu', isTransposed: true };
  };
  return { names, towers: { text: tower('text'), vision: tower('vision') }, end: null, pad: 0 };
}

const towerSchema = z.object({
  hidden_size: z.int().positive().optional(),
  num_attention_heads: z.int().positive().optional(),
  num_hidden_layers: z.int().positive().optional(),
  hidden_act: z.enum(['quick_gelu', 'gelu']).optional(),
  layer_norm_eps: z.number().positive().optional(),
  eos_token_id: z.int().nullish(),
});
/** Older files have a tower's configuration twice; the one with `_dict` counts. */
const configSchema = z.object({
  text_config: towerSchema.nullish(),
  text_config_dict: towerSchema.nullish(),
  vision_config: towerSchema.nullish(),
  vision_config_dict: towerSchema.nullish(),
});

/** Of `CLIPTextConfig` and `CLIPVisionConfig`, which published files rely on. */
const defaults = {
  text: { heads: 8, end: 49_407 },
  vision: { heads: 12 },
  activation: 'quick_gelu',
  epsilon: 1e-5,
} as const;

async function ofHuggingFace(weights: Weights): Promise<ClipCheckpoint> {
  const { tensors, folder } = weights;
  const has = (prefix: string) => [...tensors.keys()].some((name) => name.startsWith(prefix));
  const isWhole = tensors.has('visual_projection.weight') && tensors.has('text_projection.weight');
  if (!isWhole || !has('text_model.') || !has('vision_model.')) {
    if (has('text_model.') && !has('vision_model.'))
      throw new CheckpointError(
        'checkpoint_mismatch',
        `${weights.place} has CLIP’s text encoder alone, without the vision encoder. Download the whole model.`,
      );
    throw otherModel(weights, 'CLIP');
  }
  const file = path.join(folder, 'config.json');
  const config = await readJson(file, configSchema, 'CLIP');
  const names = renamed(tensors, huggingFaceRules);
  const wrong = (what: string) => new CheckpointError('checkpoint_mismatch', `${file} ${what}.`);
  const told = {
    text: { ...config.text_config, ...config.text_config_dict },
    vision: { ...config.vision_config, ...config.vision_config_dict },
  };
  const tower = (name: TowerName): ClipTowerConfig => {
    const { num_attention_heads: heads = defaults[name].heads, ...rest } = told[name];
    const width = widthOf(names.tensors, name);
    const depth = countOf(names.tensors, name);
    if ((rest.hidden_size ?? width) !== width)
      throw wrong(`speaks of a ${name} encoder ${rest.hidden_size} wide, and the weights are ${width} wide`);
    if ((rest.num_hidden_layers ?? depth) !== depth)
      throw wrong(
        `speaks of ${rest.num_hidden_layers} layers of the ${name} encoder, and the weights have ${depth}`,
      );
    if (width % heads !== 0) throw wrong(`speaks of ${heads} heads for a ${name} encoder ${width} wide`);
    return {
      heads,
      epsilon: rest.layer_norm_eps ?? defaults.epsilon,
      activation: rest.hidden_act ?? defaults.activation,
      isTransposed: false,
    };
  };
  const end = told.text.eos_token_id ?? defaults.text.end;
  return {
    names,
    towers: { text: tower('text'), vision: tower('vision') },
    // 2 is the wrong number of published files, at which transformers looks for the largest token.
    end: end === 2 ? null : end,
    pad: null,
  };
}

function countOf(tensors: Tensors, tower: TowerName): number {
  let count = 0;
  while (tensors.has(`${tower}_model.encoder.layers.${count}.${clipBlockMark}`)) count++;
  return count;
}
