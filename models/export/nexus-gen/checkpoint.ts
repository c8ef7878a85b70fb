import { access } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readModelFolder, readTensorFile } from '../checkpoint/open';
import { readJson } from '../checkpoint/json';
import { looksLike } from '../checkpoint/kinds';
import { partOf, type Part } from '../checkpoint/part';
import { sizeOf, type StoredTensor, type Tensors } from '../checkpoint/tensors';
import { CheckpointError } from '../errors';
import type { AutoregressiveConfig, VisionConfig } from '../graphs/sizes';
import type { ClipConfig, T5Config } from '../graphs/text-encoders';
import { readConfig } from './config';

import type { PartName } from './graphs';

/** All files of a Nexus-Gen V2, read but not loaded. */
export interface Checkpoint {
  weights: string;
  config: { language: AutoregressiveConfig; vision: VisionConfig };
  parts: Record<PartName | 'clip' | 't5', Part>;
  clip: ClipConfig;
  t5: T5Config;
  /** Sides of the grid of embeddings that stand for a generated image. */
  target: number;
}

/** Where the files of FLUX.1-dev may lie, from the weights' folder. */
const fluxPlaces = ['FLUX.1-dev', '../FLUX.1-dev', '../FLUX/FLUX.1-dev', '../../FLUX/FLUX.1-dev'];
const vaeFile = 'ae.safetensors';

/**
 * Reads where everything lies. @param flux the folder of FLUX.1-dev; by default one beside the weights
 * @throws CheckpointError
 */
export async function readCheckpoint(weights: string, flux?: string): Promise<Checkpoint> {
  const folder = path.resolve(weights);
  const config = await readConfig(folder);
  const autoregressive = await readModelFolder(folder);
  checkKind(folder, autoregressive);
  const generation = await readTensorFile(path.join(folder, 'generation_decoder.bin'));
  const editing = await readTensorFile(path.join(folder, 'edit_decoder.bin'));
  const dev = await fluxFolder(folder, flux);
  const clipFolder = path.join(dev, 'text_encoder');
  const t5Folder = path.join(dev, 'text_encoder_2');
  const prefill = autoregressive.get('image_prefill_embeds.weight')!;
  const target = Math.sqrt(prefill.shape[0] ?? 0);
  if (!Number.isInteger(target) || prefill.shape[1] !== config.language.hidden)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `image_prefill_embeds.weight is ${prefill.shape.join(' × ')}; it should have a square number of rows of ${config.language.hidden}.`,
    );
  return {
    ...{ weights: folder, config, target },
    parts: {
      autoregressive: await partOf(autoregressive),
      generation: await partOf(generation),
      editing: await partOf(editing),
      vae: await partOf(await readTensorFile(path.join(dev, vaeFile))),
      clip: await partOf(await readModelFolder(clipFolder)),
      t5: await partOf(await readModelFolder(t5Folder)),
    },
    clip: await readJson(path.join(clipFolder, 'config.json'), clipSchema),
    t5: await readJson(path.join(t5Folder, 'config.json'), t5Schema),
  };
}

const clipSchema = z
  .object({ num_attention_heads: z.int().positive(), layer_norm_eps: z.number().positive() })
  .transform(({ num_attention_heads: heads, layer_norm_eps: epsilon }): ClipConfig => ({ heads, epsilon }));

const t5Schema = z
  .object({
    d_kv: z.int().positive(),
    layer_norm_epsilon: z.number().positive(),
    relative_attention_num_buckets: z.int().positive(),
    relative_attention_max_distance: z.int().positive().default(128),
  })
  .transform((config): T5Config => ({
    ...{ headDim: config.d_kv, epsilon: config.layer_norm_epsilon },
    ...{
      buckets: config.relative_attention_num_buckets,
      maxDistance: config.relative_attention_max_distance,
    },
  }));

async function fluxFolder(weights: string, given?: string): Promise<string> {
  const places =
    given === undefined ? fluxPlaces.map((place) => path.resolve(weights, place)) : [path.resolve(given)];
  for (const place of places)
    if (
      await access(path.join(place, vaeFile)).then(
        () => true,
        () => false,
      )
    )
      return place;
  throw new CheckpointError(
    'checkpoint_missing',
    `There is no ${vaeFile} in ${places.join(' or ')}. Nexus-Gen V2 needs ae.safetensors, text_encoder and text_encoder_2 of FLUX.1-dev: name their folder with --flux.`,
  );
}

/** @throws CheckpointError that says which other model it looks like */
function checkKind(folder: string, tensors: Tensors): void {
  const lacking = [
    'model.embed_tokens.weight',
    'visual.patch_embed.proj.weight',
    'vision_head.weight',
    'image_prefill_embeds.weight',
  ].filter((name) => !tensors.has(name));
  if (lacking.length === 0) return;
  const isQwen = tensors.has('model.embed_tokens.weight') && tensors.has('visual.patch_embed.proj.weight');
  const kind = isQwen ? 'Qwen2.5-VL, or the first Nexus-Gen' : looksLike(tensors.keys());
  throw new CheckpointError(
    'checkpoint_mismatch',
    `${folder} is not Nexus-Gen V2: it has no ${lacking.join(', ')}.${kind ? ` It looks like ${kind}.` : ''}`,
  );
}

interface PartSizes {
  parameters: number;
  bytes: number;
  dtypes: string[];
  quantised?: number;
}

const bytesOf = (tensors: readonly StoredTensor[]) => tensors.reduce((sum, { length }) => sum + length, 0);

/** Parameters and bytes of each part that the graphs use. */
export function sizesOf({ parts }: Checkpoint): Record<string, PartSizes> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, { tensors }]) => {
      // The text encoders ran once, and are not needed any more.
      if (name === 'clip' || name === 't5') return [];
      const all = [...tensors.values()];
      const blocks = all.filter(({ quantised }) => quantised);
      return [
        [
          name,
          {
            parameters: all.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
            bytes: bytesOf(all),
            dtypes: [
              ...new Set(all.map(({ dtype, quantised }) => (quantised ? `INT${quantised.bits}` : dtype))),
            ].sort(),
            ...(blocks.length > 0 && { quantised: bytesOf(blocks) }),
          },
        ] as const,
      ];
    }),
  );
}
