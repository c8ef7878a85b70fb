import { z } from 'zod';

/** What a job is called and what it carries. The handler stands apart and is loaded when needed. */
export interface JobDefinition<T extends z.ZodType> {
  /** The engine's task name. A change of payload that old rows do not satisfy needs a new version. */
  name: string;
  payload: T;
}

function defineJob<T extends z.ZodType>(name: string, version: number, payload: T): JobDefinition<T> {
  return { name: `${name}.v${version}`, payload };
}

/** One generation, edit or question of the demo. Priority: how many jobs its visitor had waiting. */
export const demoJob = defineJob('demo', 1, z.object({ generationId: z.uuid() }));

/** Removes old events and pictures that nothing refers to. */
export const sweepJob = defineJob('sweep', 1, z.unknown());

/** Evaluation jobs come after all demo jobs. */
export const evaluationPriority = 1000;
