import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { fluxSizes } from '../graphs/flux';
import { Layers } from '../graphs/layers';
import { GraphBuilder } from '../onnx/graph-builder';
import { CheckpointError } from '../errors';
import type { Checkpoint } from './checkpoint';
import { embeddedGuidance } from './graphs';
import { readJson } from '../checkpoint/json';

/** Sides of the source's grid in an edit: fixed in the reference's code, not in its files. */
export const referenceSide = 18;

const ids = z.object({
  eos_token_id: z.int().nonnegative(),
  vision_start_token_id: z.int().nonnegative(),
  vision_end_token_id: z.int().nonnegative(),
  image_token_id: z.int().nonnegative(),
});

const processorSchema = z.object({
  image_mean: z.tuple([z.number(), z.number(), z.number()]),
  image_std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
  patch_size: z.int().positive(),
  merge_size: z.int().positive(),
  temporal_patch_size: z.int().positive(),
  min_pixels: z.int().positive(),
});

/** As Nexus-Gen's scripts bound what the language model sees of an image. */
const mostPixels = 262_640;
/** Distances of the noise levels, as DiffSynth-Studio's scheduler has them for FLUX. */
const sigmaMin = 0.003 / 1.002;

/** What a manifest says beside its graphs and files. */
export async function manifestOf(checkpoint: Checkpoint): Promise<Record<string, unknown>> {
  const { weights, config, target } = checkpoint;
  const { language } = config;
  const tokens = await readJson(path.join(weights, 'config.json'), ids);
  const generation = await readJson(
    path.join(weights, 'generation_config.json'),
    z.object({ pad_token_id: z.int().nonnegative() }),
  );
  const processor = await readJson(path.join(weights, 'preprocessor_config.json'), processorSchema);
  const numbers = {
    ...{ pad: generation.pad_token_id, eos: tokens.eos_token_id, boi: tokens.vision_start_token_id },
    ...{ eoi: tokens.vision_end_token_id, image_pad: tokens.image_token_id },
  };
  const strings = await tokenStrings(path.join(weights, 'tokenizer.json'));
  const stringOf = (name: keyof typeof numbers) => {
    const string = strings.get(numbers[name]);
    if (string === undefined)
      throw new CheckpointError(
        'checkpoint_mismatch',
        `tokenizer.json has no token ${numbers[name]}, which config.json names.`,
      );
    return string;
  };
  const { channels, context } = fluxSizes(
    new Layers(new GraphBuilder('generation_decoder', (file) => file), checkpoint.parts.generation.tensors, {
      compute: 'float32',
    }),
  );
  const side = processor.patch_size * processor.merge_size;
  const halvings = [...checkpoint.parts.vae.tensors.keys()].filter((name) =>
    /^decoder\.up\.\d+\.upsample\.conv\.weight$/.test(name),
  ).length;
  const range = (min: number, max: number, standard: number) => ({ min, max, default: standard });
  const size = { min: 256, max: 2048, multiple: 16, default: 512 };
  const perLanguage = (en: string, zh: string) => ({ en, zh });
  return {
    format: 1,
    name: 'nexus-gen-v2',
    version: '2',
    licence: 'Apache-2.0 (Nexus-Gen V2); FLUX.1 [dev] Non-Commercial License (its decoders and VAE)',
    notice:
      'Nexus-Gen V2 with decoders made from FLUX.1 [dev], whose licence does not allow commercial use of the model.',
    notice_zh: 'Nexus-Gen V2，其解码器由 FLUX.1 [dev] 训练而来，该许可不允许将模型用于商业用途。',
    languages: ['en', 'zh'],
    hidden_size: language.hidden,
    tokens: numbers,
    token_strings: {
      boi: stringOf('boi'),
      eoi: stringOf('eoi'),
      image_pad: stringOf('image_pad'),
      eos: stringOf('eos'),
    },
    chat_template: await chatTemplate(weights),
    system: 'You are a helpful assistant.',
    templates: {
      generate: perLanguage(
        'Generate an image according to the following description: {}',
        '根据以下描述生成一张图像：{}',
      ),
      edit: perLanguage('<image> {}', '<image> {}'),
      understand: perLanguage('<image>{}', '<image>{}'),
    },
    image: {
      ...{
        patch: processor.patch_size,
        merge: processor.merge_size,
        temporal: processor.temporal_patch_size,
      },
      ...{ min_pixels: processor.min_pixels, max_pixels: mostPixels },
      ...{ mean: processor.image_mean, std: processor.image_std, resample: 'bicubic', fit: 'smart_resize' },
    },
    target_grid: [target, target],
    reference: {
      grid: [referenceSide, referenceSide],
      ...{ size: referenceSide * side, resample: 'bilinear', fit: 'stretch' },
    },
    language_model: { layers: language.layers, kv_heads: language.kvHeads, head_dim: language.headDim },
    latents: { channels, downsample: 2 ** halvings, patch: 2, rounding: 'down' },
    scheduler: {
      type: 'flow_match_euler',
      shift: 3,
      sigma_min: sigmaMin,
      embedded_guidance: embeddedGuidance,
    },
    parameters: {
      ...{ width: size, height: size, steps: range(1, 100, 50) },
      ...{ guidance_generation: range(1, 10, 3), guidance_editing: range(1, 10, 1) },
      ...{
        seed: { min: 0, max: 2 ** 32 - 1 },
        max_new_tokens: range(1, 2048, 256),
        prompt_length: { max: 4000 },
      },
    },
    default_decoder: 'editing',
    constants: {
      image_prefill_embeds: {
        ...{ file: 'image_prefill_embeds.bin', dtype: 'float32', shape: [target ** 2, language.hidden] },
      },
      negative_cond: { file: 'negative_cond.bin', dtype: 'float32', shape: [negativeTokens, context + 3] },
      latent_colors: { file: 'latent_colors.bin', dtype: 'float32', shape: [channels + 1, 3] },
    },
  };
}

/** Tokens of the empty prompt, as FLUX pads it. */
export const negativeTokens = 512;

/** Texts of the added tokens by their numbers. */
async function tokenStrings(file: string): Promise<Map<number, string>> {
  const { added_tokens: added } = await readJson(
    file,
    z.object({ added_tokens: z.array(z.object({ id: z.int(), content: z.string() })) }),
  );
  return new Map(added.map(({ id, content }) => [id, content]));
}

/** In a file of its own, in newer folders as plain text, or among the tokenizer's settings. */
async function chatTemplate(folder: string): Promise<string> {
  const plain = await readFile(path.join(folder, 'chat_template.jinja'), 'utf8').catch(() => null);
  if (plain !== null) return plain;
  const schema = z.object({ chat_template: z.string().min(1) });
  for (const name of ['chat_template.json', 'tokenizer_config.json']) {
    const found = await readJson(path.join(folder, name), schema).catch(() => null);
    if (found) return found.chat_template;
  }
  throw new CheckpointError(
    'checkpoint_missing',
    `${folder} has no chat template: chat_template.json is missing.`,
  );
}
