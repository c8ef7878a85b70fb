/**
 * `manifest.json` of a model directory: what it holds (README.md beside this file), and reading it.
 * Nothing here loads the native runtime, so a web server may import it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  fileList,
  fileName,
  filesOf,
  graphSpec,
  parseWith,
  partSizes,
  readDirectory,
  sourceList,
  storedPrecisions,
  type LoadedDirectory,
} from './directory';
import { parameters, type DrawnEntry, type LimitEntry, type Parameter, type SizeEntry } from './parameters';

const count = z.int().positive();
const nonNegative = z.int().nonnegative();
const grid = z.tuple([count, count]);
const perLanguage = z.object({
  en: z.string().includes('{}'),
  zh: z.string().includes('{}'),
});

/** A whole or real number with its limits, both included, and the value used when the caller gives none. */
const wholeRange = z.object({ min: z.int(), max: z.int(), default: z.int() });
const realRange = z.object({ min: z.number(), max: z.number(), default: z.number() });
const sizeRange = wholeRange.extend({ multiple: count });

/** What is drawn where it is left out needs no default. */
const drawnRange = z.object({ min: nonNegative, max: nonNegative, default: nonNegative.optional() });

type LimitShape = {
  [Entry in LimitEntry]: Entry extends SizeEntry
    ? typeof sizeRange
    : Entry extends DrawnEntry
      ? typeof drawnRange
      : typeof realRange;
};

/** The limits of the table's parameters (parameter-table.ts), by their entries. */
function limitShape(): LimitShape {
  const rangeOf = ({ type, leftOut }: Parameter) => {
    if (leftOut === 'drawn') return drawnRange;
    return { size: sizeRange, number: realRange }[type as 'size'] ?? wholeRange;
  };
  const entries = parameters.flatMap((parameter) =>
    (parameter.limits ?? []).map(({ entry, optional }) => {
      const range = rangeOf(parameter);
      return [entry, optional ? range.optional() : range] as const;
    }),
  );
  return Object.fromEntries(entries) as unknown as LimitShape;
}

const constantSpec = z.object({
  file: fileName,
  dtype: z.literal('float32'),
  shape: z.array(count).min(1),
});

/**
 * What pages tell people who use the model. It computes nothing, so it need not be part of the model's hash: it stands
 * in the manifest, or in `guide.json` beside it, which wins.
 */
export const guideSchema = z.object({
  /** What prompts of the training are made of: English words in lower case, and single Chinese characters. */
  words: z.object({ en: z.array(z.string().min(1)), zh: z.array(z.string().min(1)) }).optional(),
  /** What a page says beside a parameter, instead of its own words. */
  hints: z
    .object({ guidance: z.object({ en: z.string().min(1), zh: z.string().min(1) }) })
    .partial()
    .default({}),
});
export type Guide = z.infer<typeof guideSchema>;

export const manifestSchema = z
  .object({
    format: z.literal(1),
    name: z.string().min(1),
    version: z.string().min(1),
    licence: z.string(),
    notice: z.string().default(''),
    /** The same in Chinese. */
    notice_zh: z.string().optional(),
    languages: z.array(z.enum(['en', 'zh'])).min(1),
    /** D: the width of the language model and of the shared image embeddings. */
    hidden_size: count,
    tokens: z.object({
      pad: nonNegative,
      eos: nonNegative,
      boi: nonNegative,
      eoi: nonNegative,
      image_pad: nonNegative,
    }),
    token_strings: z.object({
      boi: z.string().min(1),
      eoi: z.string().min(1),
      image_pad: z.string().min(1),
      eos: z.string().min(1),
    }),
    chat_template: z.string().min(1),
    system: z.string().default(''),
    templates: z.object({ generate: perLanguage, edit: perLanguage, understand: perLanguage }),
    image: z.object({
      patch: count,
      merge: count,
      temporal: count,
      min_pixels: count,
      max_pixels: count,
      mean: z.tuple([z.number(), z.number(), z.number()]),
      std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
      resample: z.enum(['bicubic', 'bilinear']),
      fit: z.enum(['smart_resize', 'center_square']),
      /** Side in pixels; with `center_square` only. */
      size: count.optional(),
    }),
    target_grid: grid,
    reference: z.object({
      grid,
      size: count,
      resample: z.enum(['bicubic', 'bilinear']),
      fit: z.enum(['stretch', 'center_square']),
    }),
    language_model: z.object({ layers: count, kv_heads: count, head_dim: count }),
    latents: z.object({
      channels: count,
      downsample: count,
      patch: count,
      /**
       * Pixels of the shorter side while denoising, for decoders that work at one scale; the picture is then
       * resized (bicubic) to the size asked for. Absent: the decoder works at that size itself.
       */
      short_side: count.optional(),
      /** How pixels become 8 bits: to the nearest level, or down, as FLUX's scripts do. */
      rounding: z.enum(['nearest', 'down']).default('nearest'),
    }),
    scheduler: z.object({
      type: z.literal('flow_match_euler'),
      shift: z.number().positive(),
      /** The last noise level before 0, before the shift; 1/steps when absent. */
      sigma_min: z.number().positive().max(1).optional(),
      /** Fed to decoders that declare an input `guidance` (FLUX's distilled guidance). */
      embedded_guidance: z.number().optional(),
    }),
    parameters: z.object({ ...limitShape(), prompt_length: z.object({ max: count }) }),
    default_decoder: z.enum(['generation', 'editing']),
    /** Who expands a short prompt: rules of this repository, or the model, asked with an instruction. */
    polishing: z
      .discriminatedUnion('by', [
        z.object({ by: z.literal('template'), rules: z.literal('scenes') }),
        z.object({ by: z.literal('model'), instruction: perLanguage }),
      ])
      .optional(),
    /** The error of its own reconstruction, in so many steps, above which a picture is outside its world. */
    world: z.object({ reconstruction_error: z.number().positive().max(1), steps: count }).optional(),
    guide: guideSchema.optional(),
    graphs: z.object({
      vision_encoder: graphSpec,
      embed_tokens: graphSpec,
      language_model: graphSpec,
      vision_head: graphSpec,
      generation_projector: graphSpec.optional(),
      generation_modulation: graphSpec.optional(),
      generation_decoder: graphSpec,
      editing_projector: graphSpec.optional(),
      editing_modulation: graphSpec.optional(),
      editing_decoder: graphSpec,
      vae_decoder: graphSpec,
    }),
    constants: z.object({
      image_prefill_embeds: constantSpec,
      /** What the projectors get in the negative pass. */
      negative_image_embeds: constantSpec.optional(),
      /** What the decoders get as `cond` in the negative pass, where no projector can make it. */
      negative_cond: constantSpec.optional(),
      /** What each channel of the latents adds to red, green and blue, and what is always added: for previews without the VAE. */
      latent_colors: constantSpec.optional(),
    }),
    files: fileList,
    parts: partSizes.optional(),
    /** What the weights are stored as, for people. */
    precision: z.enum(storedPrecisions).optional(),
    /** Files elsewhere that have the weights. */
    sources: sourceList.optional(),
  })
  .superRefine((manifest, context) => {
    const listed = (name: string, path: (string | number)[]) => {
      if (!(name in manifest.files))
        context.addIssue({ code: 'custom', path, message: `${name} is not listed in files` });
    };
    listed('tokenizer.json', ['files']);
    for (const [name, graph] of Object.entries(manifest.graphs))
      for (const file of graph ? filesOf(graph) : []) listed(file, ['graphs', name, 'file']);
    for (const [name, constant] of Object.entries(manifest.constants))
      if (constant) listed(constant.file, ['constants', name, 'file']);
    if (manifest.image.fit === 'center_square' && manifest.image.size === undefined)
      context.addIssue({ code: 'custom', path: ['image', 'size'], message: 'is needed by center_square' });
    const side = manifest.image.patch * manifest.image.merge;
    if (manifest.image.size !== undefined && manifest.image.size % side !== 0)
      context.addIssue({ code: 'custom', path: ['image', 'size'], message: `must be a multiple of ${side}` });
    for (const axis of [0, 1] as const)
      if (manifest.reference.grid[axis] * side !== manifest.reference.size)
        context.addIssue({ code: 'custom', path: ['reference', 'grid'], message: `must be size / ${side}` });
    const [n, width] = manifest.constants.image_prefill_embeds.shape;
    if (n !== manifest.target_grid[0] * manifest.target_grid[1] || width !== manifest.hidden_size)
      context.addIssue({
        code: 'custom',
        path: ['constants', 'image_prefill_embeds', 'shape'],
        message: 'must be [tokens of target_grid, hidden_size]',
      });
    const colors = manifest.constants.latent_colors?.shape;
    if (colors && (colors.length !== 2 || colors[0] !== manifest.latents.channels + 1 || colors[1] !== 3))
      context.addIssue({
        code: 'custom',
        path: ['constants', 'latent_colors', 'shape'],
        message: 'must be [channels of latents + 1, 3]',
      });
    const token = manifest.latents.downsample * manifest.latents.patch;
    const { short_side } = manifest.latents;
    if (short_side !== undefined && short_side % token !== 0)
      context.addIssue({
        code: 'custom',
        path: ['latents', 'short_side'],
        message: `must be a multiple of ${token}, the side of a decoder token`,
      });
    for (const side of ['width', 'height'] as const)
      if (short_side === undefined && manifest.parameters[side].multiple % token !== 0)
        context.addIssue({
          code: 'custom',
          path: ['parameters', side, 'multiple'],
          message: `must be a multiple of ${token}, the side of a decoder token`,
        });
  });

export type Manifest = z.infer<typeof manifestSchema>;
export type GraphName = keyof Manifest['graphs'];
export type { GraphSpec } from './directory';
export type LoadedManifest = LoadedDirectory<Manifest>;

const model = { noun: 'model', missing: 'Specify a model directory with --model or MODEL_DIR.' };

/**
 * Reads `dir/manifest.json` and, where there is one, `dir/guide.json`, and checks that every listed file is there,
 * whole and unaltered.
 * @param options.verify `hashes` (default) reads every file up to 256 MB; `sizes` compares lengths only, for a second load.
 * @throws ModelError `model_missing`, `manifest_invalid`, `model_file_missing` or `model_file_altered`.
 */
export async function loadManifest(
  dir: string,
  options: { verify?: 'hashes' | 'sizes' } = {},
): Promise<LoadedManifest> {
  const loaded = await readDirectory(dir, manifestSchema, model, options);
  const file = path.join(dir, 'guide.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return loaded;
  return {
    ...loaded,
    manifest: { ...loaded.manifest, guide: parseWith(guideSchema, text, file, model.noun) },
  };
}

/** @throws ModelError `manifest_invalid`, naming `path` and the first field that is wrong. */
export function parseManifest(text: string, path: string): Manifest {
  return parseWith(manifestSchema, text, path, model.noun);
}
