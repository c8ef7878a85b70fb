import { z } from 'zod';
import { parameterShape, valueSchema } from '../../../models/runtime/parameter-schema';
import { parameters, type KeysWith } from '../../../models/runtime/parameters';
import { taskSchema } from '../schema';

/** What decides how long a request takes. Fields left out take the manifest's default. */
export const beforeSchema = z.object({
  task: taskSchema,
  ...parameterShape<KeysWith<{ time: true }>>(
    parameters.filter(({ time }) => time),
    valueSchema,
  ),
  /** Of an edit that takes its source's size: how large that is, in pixels, before it is fitted to the model. */
  source: z.object({ width: z.int().positive(), height: z.int().positive() }).optional(),
});

/** A range that is meant to hold nine of ten; milliseconds from now, null while nothing was measured here. */
export const rangeSchema = z.object({ low: z.number().nullable(), high: z.number().nullable() });

export const estimateSchema = rangeSchema.extend({
  /** Jobs that would run before it. */
  ahead: z.int(),
  /** No worker has the model in memory yet. */
  coldStart: z.boolean(),
});

export type BeforeInput = z.infer<typeof beforeSchema>;
export type Estimate = z.infer<typeof estimateSchema>;
