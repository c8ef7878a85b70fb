import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../platform/errors/errors';

/** Ablations of a model, as its directory brings them: of its report, and of models trained otherwise. */

const share = { right: z.number(), n: z.number().positive() };
const sampling = {
  ...share,
  error: z.number(),
  roughness: z.number(),
  seconds: z.number(),
  denoising: z.number(),
};
const edits = z.object({
  error: z.number(),
  errorLeftAlone: z.number(),
  errorOfSource: z.number(),
  n: z.number(),
});

/** What of a model's report.json is an ablation. */
const reportSchema = z.object({
  version: z.string(),
  steps: z.array(z.object({ ...sampling, steps: z.number() })).optional(),
  guidance: z.array(z.object({ ...sampling, guidance: z.number() })).optional(),
  editing: z.record(z.string(), z.object({ generation: edits, editing: edits })).optional(),
});

const setupSchema = z.object({
  heldOut: z.int(),
  classes: z.int(),
  colours: z.int(),
  layers: z.int(),
  width: z.int(),
  batch: z.int(),
  steps: z.int(),
});

/** At every token position, and over all. */
const errorsSchema = z.object({
  mse: z.number(),
  cosine: z.number(),
  mseByPosition: z.array(z.number()).min(1),
  cosineByPosition: z.array(z.number()).min(1),
});

const autoregressionSchema = z.object({
  setup: setupSchema,
  naive: z.object({
    teacherForced: errorsSchema,
    inUse: errorsSchema,
    recognised: z.number(),
    trainingSeconds: z.number(),
  }),
  prefilled: z.object({ inUse: errorsSchema, recognised: z.number(), trainingSeconds: z.number() }),
  mean: errorsSchema,
});

const tokensSchema = z.object({
  setup: setupSchema,
  variants: z
    .array(
      z.object({
        tokens: z.int(),
        numbers: z.int(),
        reconstruction: z.number(),
        generation: z.number(),
        recognised: z.number(),
        trainingSeconds: z.number(),
      }),
    )
    .min(1),
});

export interface Ablations {
  model: string;
  report: z.infer<typeof reportSchema> | null;
  autoregression: z.infer<typeof autoregressionSchema> | null;
  tokens: z.infer<typeof tokensSchema> | null;
}

/**
 * The ablations beside a model; null for each that it does not bring.
 * @throws StudioError MODEL_INVALID for a file that is none, by its name
 */
export async function readAblations(modelDir: string): Promise<Ablations> {
  const read = async <T>(file: string, schema: z.ZodType<T>): Promise<T | null> => {
    const from = path.join(modelDir, file);
    if (!existsSync(from)) return null;
    try {
      return schema.parse(JSON.parse(await readFile(from, 'utf8')));
    } catch (error) {
      throw new StudioError('MODEL_INVALID', `${file} of the model is not a valid ablation record.`, {
        cause: error,
      });
    }
  };
  return {
    model: path.basename(path.resolve(modelDir)),
    report: await read('report.json', reportSchema),
    autoregression: await read(path.join('ablations', 'autoregression.json'), autoregressionSchema),
    tokens: await read(path.join('ablations', 'tokens.json'), tokensSchema),
  };
}
