import { z } from 'zod';
import { parameterShape } from '../../models/runtime/parameter-schema';
import {
  otherParameters,
  parametersOf,
  pictureParameters,
  valuesOf,
  type KeysWith,
  type Parameter,
  type RunParametersOf,
  type Task,
} from '../../models/runtime/parameters';

/** All but the seed, whose schema is the run's own; it keeps its place among the others, by which fingerprints go. */
type RunKey = Exclude<KeysWith<{ run: object }>, 'seed'>;

function settingSchema({ type, min, choices = [] }: Parameter): z.ZodType {
  if (type === 'choice') return z.enum(choices);
  if (type === 'text') return z.string();
  const number = type === 'number' ? z.number() : z.int();
  return min === 1 ? number.positive() : number.nonnegative();
}

const settingsOf = (list: readonly Parameter[]) =>
  parameterShape<RunKey>(
    list.filter(({ run }) => run),
    settingSchema,
  );

/** How a run asks its model. What is left out is the model's default; all of it is part of the fingerprint. */
export const runSettingsSchema = z.strictObject({
  ...settingsOf(pictureParameters()),
  /** The seed of an item's first sample; each further sample adds one. GenEval's official script restarts at 42. */
  seed: z.int().min(0).max(0xffff_ffff).default(42),
  /** Of prompts that there are in several; the official ones are English. */
  language: z.enum(['en', 'zh']).optional(),
  ...settingsOf(otherParameters()),
  /** Of a question with several pictures. The official LLaVA script passes only the first. */
  images: z.enum(['all', 'first']).default('all'),
  /**
   * How a question is put: with its options and the wish for a letter, as the official scripts do, or alone, for
   * models that answer in words. Answers are scored by the same rules.
   */
  prompt: z.enum(['official', 'question']).default('official'),
  /** One of the benchmark's presets: which evaluators measure, and how files are read. */
  preset: z.string().optional(),
});
export type RunSettings = z.infer<typeof runSettingsSchema>;

/** What a request of a sample asks of a model. @param repeat adds to the seed, so that each sample has its own */
export function requestedBy<T extends Task>(
  settings: RunSettings,
  task: T,
  repeat: number,
): RunParametersOf<T> {
  const values = valuesOf(
    settings,
    parametersOf(task).filter(({ run }) => run),
  );
  return {
    ...values,
    ...('seed' in values && { seed: (settings.seed + repeat) >>> 0 }),
  } as RunParametersOf<T>;
}
