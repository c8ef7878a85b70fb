import path from 'node:path';
import { z } from 'zod';
import { CheckpointError } from '../errors';
import type { AutoregressiveConfig, VisionConfig } from '../graphs/sizes';
import { readJson } from '../checkpoint/json';

/** `config.json` of the autoregressive model, as far as it decides something. */
const schema = z.object({
  model_type: z.string(),
  hidden_size: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_key_value_heads: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  rms_norm_eps: z.number().positive(),
  rope_theta: z.number().positive(),
  rope_scaling: z.object({
    mrope_section: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
  }),
  vocab_size: z.int().positive(),
  max_position_embeddings: z.int().positive(),
  vision_config: z.object({
    depth: z.int().positive(),
    fullatt_block_indexes: z.array(z.int().nonnegative()),
    hidden_size: z.int().positive(),
    num_heads: z.int().positive(),
    out_hidden_size: z.int().positive(),
    in_channels: z.int().positive().default(3),
    patch_size: z.int().positive(),
    spatial_merge_size: z.int().positive(),
    temporal_patch_size: z.int().positive(),
    window_size: z.int().positive(),
  }),
});

/** A prompt, images (whose positions count rows and columns, not tokens) and an answer need few of the 128,000 positions that the model was trained for. */
const mostPositions = 16_384;

/** @throws CheckpointError checkpoint_missing, checkpoint_mismatch */
export async function readConfig(
  folder: string,
): Promise<{ language: AutoregressiveConfig; vision: VisionConfig }> {
  const file = path.join(folder, 'config.json');
  const config = await readJson(file, schema);
  const { vision_config: vision } = config;
  const headDim = config.hidden_size / config.num_attention_heads;
  const wrong = (what: string) => new CheckpointError('checkpoint_mismatch', `${file}: ${what}.`);
  if (!Number.isInteger(headDim)) throw wrong('hidden_size is not a multiple of num_attention_heads');
  if (config.rope_scaling.mrope_section.reduce((a, b) => a + b) * 2 !== headDim)
    throw wrong(`mrope_section does not add up to half of a head’s ${headDim}`);
  const window = vision.window_size / (vision.patch_size * vision.spatial_merge_size);
  if (!Number.isInteger(window)) throw wrong('window_size is not a whole number of merged tokens');
  if (vision.hidden_size % vision.num_heads !== 0 || (vision.hidden_size / vision.num_heads) % 4 !== 0)
    throw wrong('vision_config.hidden_size does not fit its heads');
  return {
    language: {
      ...{
        hidden: config.hidden_size,
        heads: config.num_attention_heads,
        kvHeads: config.num_key_value_heads,
      },
      ...{
        headDim,
        layers: config.num_hidden_layers,
        epsilon: config.rms_norm_eps,
        theta: config.rope_theta,
      },
      ...{ sections: config.rope_scaling.mrope_section, vocabulary: config.vocab_size },
      positions: Math.min(config.max_position_embeddings, mostPositions),
    },
    vision: {
      ...{ hidden: vision.hidden_size, heads: vision.num_heads, depth: vision.depth },
      ...{ fullAttention: vision.fullatt_block_indexes, out: vision.out_hidden_size },
      ...{ merge: vision.spatial_merge_size, window },
      patchSize: vision.in_channels * vision.temporal_patch_size * vision.patch_size ** 2,
    },
  };
}
