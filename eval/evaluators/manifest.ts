/** `manifest.json` of an evaluator's directory (README.md beside this file). */
import { z } from 'zod';
import {
  fileList,
  fileName,
  graphSpec,
  partSizes,
  readDirectory,
  sourceList,
  type DirectoryKind,
  type LoadedDirectory,
} from '../../models/runtime';

const count = z.int().positive();
const triple = z.tuple([z.number(), z.number(), z.number()]);
const positiveTriple = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);
const pillow = z.enum(['box', 'bilinear', 'bicubic', 'lanczos']);

const squareRecipe = z.object({
  resize: count,
  crop: count,
  resample: pillow,
  mean: triple,
  std: positiveTriple,
});
const detectorRecipe = z.object({
  fit: z.discriminatedUnion('type', [
    z.object({ type: z.literal('keep_ratio'), long: count, short: count }),
    z.object({ type: z.literal('fixed'), width: count, height: count }),
  ]),
  resample: z.enum(['opencv', ...pillow.options]),
  pad_multiple: count.default(1),
  /** Before normalising; by default zeros after it. */
  pad_value: z.int().min(0).max(255).optional(),
  mean: triple,
  std: positiveTriple,
});

const common = {
  format: z.literal(1),
  name: z.string().min(1),
  version: z.string().min(1),
  licence: z.string(),
  notice: z.string().default(''),
  files: fileList,
  parts: partSizes.optional(),
  /** Files elsewhere that have the weights. */
  sources: sourceList.optional(),
};

/** Names that the code feeds and reads; a graph may have no others but the optional ones. */
function graph(inputs: readonly string[], outputs: readonly string[], optional: readonly string[] = []) {
  return graphSpec.superRefine((spec, context) => {
    const say = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const name of inputs)
      if (!(name in spec.inputs)) say(['inputs', name], 'is needed by the evaluator');
    for (const name of Object.keys(spec.inputs))
      if (![...inputs, ...optional].includes(name)) say(['inputs', name], 'is not known to the evaluator');
    for (const name of outputs)
      if (!(name in spec.outputs)) say(['outputs', name], 'is needed by the evaluator');
  });
}

interface Listing {
  files: Record<string, unknown>;
  graphs: Record<string, { file: string }>;
  tokenizer?: { file: string };
}

function filesAreListed(manifest: Listing, context: z.RefinementCtx): void {
  const listed = (name: string, path: string[]) => {
    if (!(name in manifest.files))
      context.addIssue({ code: 'custom', path, message: `${name} is not listed in files` });
  };
  for (const [name, { file }] of Object.entries(manifest.graphs)) listed(file, ['graphs', name, 'file']);
  if (manifest.tokenizer) listed(manifest.tokenizer.file, ['tokenizer', 'file']);
}

export const clipManifest = z
  .object({
    kind: z.literal('clip'),
    ...common,
    image: squareRecipe,
    tokenizer: z.object({
      file: fileName.default('tokenizer.json'),
      /** Tokens of the text encoder's input, with the first and the last. */
      context_length: z.int().min(3).default(77),
      bos: z.int().nonnegative(),
      eos: z.int().nonnegative(),
      /** Fills the rest; OpenAI's code fills with 0. */
      pad: z.int().nonnegative(),
    }),
    graphs: z.object({
      image_encoder: graph(['pixel_values'], ['image_embeds']),
      text_encoder: graph(['input_ids'], ['text_embeds'], ['attention_mask']),
    }),
  })
  .superRefine(filesAreListed);

export const dinoManifest = z
  .object({
    kind: z.literal('dino'),
    ...common,
    image: squareRecipe,
    graphs: z.object({ image_encoder: graph(['pixel_values'], ['image_embeds']) }),
  })
  .superRefine(filesAreListed);

export const detectorManifest = z
  .object({
    kind: z.literal('detector'),
    ...common,
    image: detectorRecipe,
    /** In the order of the class logits, which have one more at the end: no object. */
    classes: z.array(z.string().min(1)).min(1),
    /** Pairs of query and class that are looked at. */
    max_detections: count.default(100),
    /** Scores strictly above which an object counts: GenEval's, unless the detector is calibrated otherwise. */
    thresholds: z
      .object({ default: z.number().min(0).max(1), counting: z.number().min(0).max(1) })
      .default({ default: 0.3, counting: 0.9 }),
    graphs: z.object({ detector: graph(['pixel_values'], ['class_logits', 'mask_logits']) }),
  })
  .superRefine(filesAreListed);

export type DetectorManifest = z.infer<typeof detectorManifest>;

export type EvaluatorManifest = z.infer<typeof clipManifest | typeof dinoManifest | typeof detectorManifest>;

/**
 * Reads the directory of an evaluator of any kind, and checks its files and those elsewhere that have its weights.
 * @param options.verify as of `readDirectory`
 * @throws ModelError naming the file and what to do
 */
export async function loadEvaluator(
  dir: string,
  options: { verify?: 'hashes' | 'sizes' } = {},
): Promise<LoadedDirectory<EvaluatorManifest>> {
  // The kind first, so that what is wrong is told by that kind's rules.
  const { manifest } = await readDirectory(dir, kindOnly, evaluatorKind, options);
  return readDirectory<EvaluatorManifest>(dir, manifests[manifest.kind], evaluatorKind, { verify: 'sizes' });
}

const manifests = { clip: clipManifest, dino: dinoManifest, detector: detectorManifest } as const;
const kindOnly = z.object({
  kind: z.enum(['clip', 'dino', 'detector']),
  files: fileList,
  sources: sourceList.optional(),
});

export const evaluatorKind: DirectoryKind = {
  noun: 'evaluator',
  missing: 'Specify the directory of an existing evaluator.',
  // Scores of one evaluator are comparable whoever has its weights, and wherever.
  isPlaceless: true,
};
