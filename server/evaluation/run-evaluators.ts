import { z } from 'zod';

const evaluatorSchema = z.object({
  kind: z.enum(['detector', 'clip', 'dino']),
  name: z.string(),
  version: z.string(),
  /** sha256 of its manifest. */
  hash: z.string(),
  /** By name where it came with the project or was added, so that every machine finds its own; others by absolute path. */
  directory: z.string(),
  thresholds: z.object({ default: z.number(), counting: z.number() }).optional(),
});

/** The evaluators of a run, as it keeps them. */
export const runEvaluatorsSchema = z.object({
  detector: evaluatorSchema.optional(),
  clip: evaluatorSchema.optional(),
  dino: evaluatorSchema.optional(),
});
export type RunEvaluators = z.infer<typeof runEvaluatorsSchema>;
