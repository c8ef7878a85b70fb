import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../checkpoint/json';
import { partOf } from '../checkpoint/part';
import type { Pickled } from '../checkpoint/pickle';
import { CheckpointError } from '../errors';
import { Layers } from '../graphs/layers';
import { mask2Former, mask2FormerSizes, type Mask2FormerConfig } from '../graphs/mask2former';
import { GraphBuilder } from '../onnx/graph-builder';
import { classNames } from './class-names';
import { isThere, recipes } from './image';
import type { EvaluatorPlan, FamilyOptions } from './plan';
import { refuseOthers, renamed, type Renamed, type Rule } from './renamed';
import { otherModel, type Weights } from './weights';

const of = 'Mask2Former';
const encoder = 'model.pixel_level_module.encoder.';
const decoder = 'model.pixel_level_module.decoder.';
const transformer = 'model.transformer_module.';
const head = 'panoptic_head.';

type Version = '2.x' | '3.x';

/** How mmdetection calls the tensors. Sources: mmdetection 2.28 and 3.3, models/dense_heads/mask2former_head.py and its parts. */
function mmdetectionRules(version: Version): Rule[] {
  const [swin, ours] = ['backbone.stages.#.blocks.#.', `${encoder}encoder.layers.#.blocks.#.`];
  const self = `${ours}attention.self.`;
  const [level, deformable] = [`${head}pixel_decoder.encoder.layers.#.`, `${decoder}encoder.layers.#.`];
  const [layer, masked] = [`${head}transformer_decoder.layers.#.`, `${transformer}decoder.layers.#.`];
  const isSecond = version === '2.x';
  const ffn = isSecond ? 'ffns.0.' : 'ffn.';
  const [first, cross, among] = isSecond
    ? ['attentions.0.', 'attentions.0.attn.', 'attentions.1.attn.']
    : ['self_attn.', 'cross_attn.attn.', 'self_attn.attn.'];
  const qkv = (prefix: string) =>
    ['q', 'k', 'v'].map((part) => `${prefix}${part}_proj.*`) as [string, string, string];
  return [
    ['backbone.patch_embed.projection.*', `${encoder}embeddings.patch_embeddings.projection.*`],
    ['backbone.patch_embed.norm.*', `${encoder}embeddings.norm.*`],
    [`${swin}norm1.*`, `${ours}layernorm_before.*`],
    [`${swin}norm2.*`, `${ours}layernorm_after.*`],
    [`${swin}attn.w_msa.qkv.*`, `${self}query.*`, `${self}key.*`, `${self}value.*`],
    [`${swin}attn.w_msa.proj.*`, `${ours}attention.output.dense.*`],
    [`${swin}attn.w_msa.relative_position_bias_table`, `${self}relative_position_bias_table`],
    [`${swin}ffn.layers.0.0.*`, `${ours}intermediate.dense.*`],
    [`${swin}ffn.layers.1.*`, `${ours}output.dense.*`],
    [
      'backbone.stages.#.downsample.reduction.weight',
      `${encoder}encoder.layers.#.downsample.reduction.weight`,
    ],
    ['backbone.stages.#.downsample.norm.*', `${encoder}encoder.layers.#.downsample.norm.*`],
    ...[0, 1, 2, 3].map((i): Rule => [
      `backbone.norm${i}.*`,
      `${encoder}hidden_states_norms.stage${i + 1}.*`,
    ]),
    [`${head}pixel_decoder.input_convs.#.conv.*`, `${decoder}input_projections.#.0.*`],
    [`${head}pixel_decoder.input_convs.#.gn.*`, `${decoder}input_projections.#.1.*`],
    ...['sampling_offsets', 'attention_weights', 'value_proj', 'output_proj'].map((part): Rule => [
      `${level}${first}${part}.*`,
      `${deformable}self_attn.${part}.*`,
    ]),
    [`${level}norms.0.*`, `${deformable}self_attn_layer_norm.*`],
    [`${level}norms.1.*`, `${deformable}final_layer_norm.*`],
    [`${level}${ffn}layers.0.0.*`, `${deformable}fc1.*`],
    [`${level}${ffn}layers.1.*`, `${deformable}fc2.*`],
    [`${head}pixel_decoder.level_encoding.weight`, `${decoder}level_embed`],
    [`${head}pixel_decoder.lateral_convs.0.conv.weight`, `${decoder}adapter_1.0.weight`],
    [`${head}pixel_decoder.lateral_convs.0.gn.*`, `${decoder}adapter_1.1.*`],
    [`${head}pixel_decoder.output_convs.0.conv.weight`, `${decoder}layer_1.0.weight`],
    [`${head}pixel_decoder.output_convs.0.gn.*`, `${decoder}layer_1.1.*`],
    [`${head}pixel_decoder.mask_feature.*`, `${decoder}mask_projection.*`],
    [`${head}decoder_input_projs.#.*`, `${transformer}input_projections.#.*`],
    [`${layer}${cross}in_proj_*`, ...qkv(`${masked}cross_attn.`)],
    [`${layer}${cross}out_proj.*`, `${masked}cross_attn.out_proj.*`],
    [`${layer}${among}in_proj_*`, ...qkv(`${masked}self_attn.`)],
    [`${layer}${among}out_proj.*`, `${masked}self_attn.out_proj.*`],
    [`${layer}norms.0.*`, `${masked}cross_attn_layer_norm.*`],
    [`${layer}norms.1.*`, `${masked}self_attn_layer_norm.*`],
    [`${layer}norms.2.*`, `${masked}final_layer_norm.*`],
    [`${layer}${ffn}layers.0.0.*`, `${masked}fc1.*`],
    [`${layer}${ffn}layers.1.*`, `${masked}fc2.*`],
    [`${head}transformer_decoder.post_norm.*`, `${transformer}decoder.layernorm.*`],
    [`${head}query_feat.weight`, `${transformer}queries_features.weight`],
    [`${head}query_embed.weight`, `${transformer}queries_embedder.weight`],
    [`${head}level_embed.weight`, `${transformer}level_embed.weight`],
    [`${head}cls_embed.*`, 'class_predictor.*'],
    ...[0, 1, 2].map((i): Rule => [
      `${head}mask_embed.${2 * i}.*`,
      `${transformer}decoder.mask_predictor.mask_embedder.${i}.0.*`,
    ]),
  ];
}

const rules: Record<Version, Rule[]> = { '2.x': mmdetectionRules('2.x'), '3.x': mmdetectionRules('3.x') };

/** Hugging Face's names are the graph's, but for the cross-attention, which has q, k and v in one. */
const huggingFaceRules: readonly Rule[] = [
  [
    `${transformer}decoder.layers.#.cross_attn.in_proj_*`,
    ...(['q', 'k', 'v'].map((part) => `${transformer}decoder.layers.#.cross_attn.${part}_proj.*`) as [
      string,
    ]),
  ],
  ...[...new Set(rules['2.x'].flatMap(([, ...names]) => names))]
    .filter((name) => !/cross_attn\.[qkv]_proj/.test(name))
    .map((name): Rule => [name, name]),
];

/** Buffers that are recomputed or are in the recipe of images, and the weights of a loss. */
const unused = /(^|\.)relative_position_index$|^data_preprocessor\.|^criterion\.empty_weight$/;

interface Mask2FormerCheckpoint {
  names: Renamed;
  config: Mask2FormerConfig;
  /** Names of its classes, where the files have them. */
  classes: string[] | null;
  image: Record<string, unknown>;
  licence: string;
}

/**
 * A Mask2Former with Swin: a checkpoint of mmdetection, or a folder of Hugging Face.
 * @throws CheckpointError
 */
export async function planMask2Former(weights: Weights, options: FamilyOptions): Promise<EvaluatorPlan> {
  const { names, config, classes, image, licence } = ofMmdetection(weights) ?? (await ofHuggingFace(weights));
  refuseOthers(
    weights.place,
    `${of} with Swin`,
    names.others.filter((name) => !unused.test(name)),
  );
  const part = await partOf(names.tensors);
  const { nameInFile } = names;
  const sizes = mask2FormerSizes(
    new Layers(new GraphBuilder('detector', (file) => file), part.tensors, {
      compute: 'float32',
      nameInFile,
    }),
  );
  const told = options.classes === undefined ? classes : await readClasses(options.classes);
  if (!told)
    throw new CheckpointError(
      'checkpoint_missing',
      `${weights.place} does not say what its ${sizes.classes} classes are called. Name a file with one in each line with --classes.`,
    );
  if (told.length !== sizes.classes)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${options.classes ?? weights.place} names ${told.length} classes (${listed(told)}), and the weights have ${sizes.classes}.`,
    );
  return {
    kind: 'detector',
    ...{ licence, notice: '' },
    graphs: { detector: { part, nameInFile, make: (layers) => mask2Former(layers, config) } },
    manifest: { image, classes: classNames(told) },
    files: {},
  };
}

const listed = (names: readonly string[]) =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;

async function readClasses(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CheckpointError('checkpoint_missing', `${file} cannot be read.`, { cause });
  });
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Tensors that only one version's naming has. */
const marks: Record<Version, RegExp> = {
  '2.x': /^panoptic_head\..*\.(attentions|ffns)\.\d+\./,
  '3.x': /^panoptic_head\..*\.layers\.\d+\.(self_attn|cross_attn|ffn)\./,
};

function ofMmdetection({ place, tensors, saved }: Weights): Mask2FormerCheckpoint | null {
  const first = Object.entries(marks).flatMap(([version, mark]) => {
    const name = [...tensors.keys()].find((one) => mark.test(one));
    return name === undefined ? [] : [{ version: version as Version, name }];
  });
  const [one, other] = first;
  if (!one) return null;
  if (other)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${place} mixes the names of mmdetection ${one.version} (${one.name}) and ${other.version} (${other.name}). Download the original file.`,
    );
  const meta = saved instanceof Map ? saved.get('meta') : null;
  if (one.version === '2.x' && isWrittenByThird(meta))
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${place} was written by mmdetection 3.x, and its tensors are called as in 2.x (${one.name}). Download the original file.`,
    );
  return {
    names: renamed(tensors, rules[one.version]),
    config: { merging: 'channels', epsilon: 1e-5 },
    classes: classesIn(meta),
    image: recipes.mask2former,
    licence: 'Apache-2.0 (mmdetection)',
  };
}

/**
 * Whether mmdetection 3.x wrote a file, by what it says about itself. The other way round tells nothing: models of 2.x were published
 * again in the names of 3.x, and 3.x reads what 2.x said about them.
 */
const isWrittenByThird = (meta: Pickled | undefined): boolean =>
  meta instanceof Map && (meta.has('dataset_meta') || meta.has('mmengine_version'));

function classesIn(meta: Pickled | undefined): string[] | null {
  if (!(meta instanceof Map)) return null;
  const inner = meta.get('dataset_meta');
  const found = inner instanceof Map ? (inner.get('classes') ?? inner.get('CLASSES')) : meta.get('CLASSES');
  return Array.isArray(found) && found.every((name) => typeof name === 'string') ? (found as string[]) : null;
}

const count = z.int().positive();
const configSchema = z.object({
  model_type: z.literal('mask2former').default('mask2former'),
  num_attention_heads: count.optional(),
  encoder_layers: count.optional(),
  /** One more than there are: the first mask comes before them. */
  decoder_layers: count.optional(),
  pre_norm: z.literal(false).default(false),
  activation_function: z.literal('relu').default('relu'),
  id2label: z.record(z.string(), z.string()).optional(),
  backbone_config: z.object({
    model_type: z.literal('swin'),
    window_size: count.optional(),
    depths: z.array(count).optional(),
    num_heads: z.array(count).optional(),
    hidden_act: z.literal('gelu').default('gelu'),
    layer_norm_eps: z.number().positive().default(1e-5),
  }),
});

async function ofHuggingFace(weights: Weights): Promise<Mask2FormerCheckpoint> {
  const { tensors, folder } = weights;
  if (!tensors.has(`${transformer}queries_features.weight`)) throw otherModel(weights, of);
  const file = path.join(folder, 'config.json');
  const config = await readJson(file, configSchema, `${of} with Swin`);
  const names = renamed(tensors, huggingFaceRules);
  const { backbone_config: backbone, id2label = {} } = config;
  const blocks = (prefix: string, tensor: string) => {
    let found = 0;
    while (names.tensors.has(`${prefix}${found}.${tensor}`)) found++;
    return found;
  };
  const agree = (what: string, told: number | undefined, found: number) => {
    if (told !== undefined && told !== found)
      throw new CheckpointError(
        'checkpoint_mismatch',
        `${file} speaks of ${told} ${what}, and the weights have ${found}.`,
      );
  };
  agree(
    'layers of the pixel decoder',
    config.encoder_layers,
    blocks(`${decoder}encoder.layers.`, 'fc1.weight'),
  );
  agree(
    'masks, one more than layers of the decoder,',
    config.decoder_layers,
    blocks(`${transformer}decoder.layers.`, 'fc1.weight') + 1,
  );
  backbone.depths?.forEach((depth, stage) =>
    agree(
      `blocks in stage ${stage + 1} of the backbone`,
      depth,
      blocks(`${encoder}encoder.layers.${stage}.blocks.`, 'layernorm_before.weight'),
    ),
  );
  backbone.num_heads?.forEach((heads, stage) => {
    const table = `${encoder}encoder.layers.${stage}.blocks.0.attention.self.relative_position_bias_table`;
    const [rows = 0, columns = 0] = names.tensors.get(table)?.shape ?? [];
    agree(`heads in stage ${stage + 1} of the backbone`, heads, columns);
    agree('places along a window', backbone.window_size, (Math.sqrt(rows) + 1) / 2);
  });
  const labels = Object.entries(id2label).sort(([a], [b]) => Number(a) - Number(b));
  const isNamed = labels.length > 0 && !labels.every(([, name]) => /^LABEL_\d+$/.test(name));
  return {
    names,
    config: { merging: 'pixels', epsilon: backbone.layer_norm_eps },
    classes: isNamed ? labels.map(([, name]) => name) : null,
    image: await readImage(folder),
    licence: 'as the model’s page on Hugging Face says',
  };
}

const triple = z.tuple([z.number(), z.number(), z.number()]);
const imageSchema = z.object({
  /** Older files have the shorter side alone, and the longer one as `max_size`. */
  size: z
    .union([
      count.transform((shortest_edge) => ({ shortest_edge, longest_edge: undefined })),
      z.object({ shortest_edge: count, longest_edge: count.optional() }),
    ])
    .optional(),
  max_size: count.optional(),
  size_divisor: z.int().nonnegative().optional(),
  image_mean: triple.optional(),
  image_std: triple.optional(),
});

/**
 * The recipe of a folder of Hugging Face, but for the resize: there an image is stretched to a multiple of `size_divisor` by Pillow,
 * here it is resized by OpenCV and filled up, as mmdetection does it, so that both naming's detectors see the same images. What
 * is filled up is the mean, as these models were trained.
 */
async function readImage(folder: string): Promise<Record<string, unknown>> {
  const file = path.join(folder, 'preprocessor_config.json');
  const found = (await isThere(file)) ? await readJson(file, imageSchema, of) : {};
  const { long, short } = recipes.mask2former.fit;
  // Of values from 0 to 255. Published files have them as float32, with digits that mean nothing.
  const of255 = (values: readonly number[]) => values.map((value) => Math.round(value * 255 * 1e4) / 1e4);
  return {
    fit: {
      type: 'keep_ratio',
      long: found.size?.longest_edge ?? found.max_size ?? long,
      short: found.size?.shortest_edge ?? short,
    },
    resample: 'opencv',
    pad_multiple: Math.max(1, found.size_divisor ?? recipes.mask2former.pad_multiple),
    mean: found.image_mean ? of255(found.image_mean) : recipes.mask2former.mean,
    std: found.image_std ? of255(found.image_std) : recipes.mask2former.std,
  };
}
