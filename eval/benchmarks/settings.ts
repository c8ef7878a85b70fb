import { z } from 'zod';

/** How a run asks its model. What is left out is the model's default; all of it is part of the fingerprint. */
export const runSettingsSchema = z.strictObject({
  /** The seed of an item's first sample; each further sample adds one. GenEval's official script restarts at 42. */
  seed: z.int().min(0).max(0xffff_ffff).default(42),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  steps: z.int().positive().optional(),
  guidance: z.number().nonnegative().optional(),
  /** Of prompts that there are in several; the official ones are English. */
  language: z.enum(['en', 'zh']).optional(),
  decoder: z.enum(['generation', 'editing']).optional(),
  maxNewTokens: z.int().positive().optional(),
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
