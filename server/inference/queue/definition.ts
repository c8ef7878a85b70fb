import { z } from 'zod';

/** What a job is called and what it carries. The handler stands apart and is loaded when needed. */
export interface JobDefinition<T extends z.ZodType> {
  /** The engine's task name. A change of payload that old rows do not satisfy needs a new version. */
  name: string;
  payload: T;
  /** How often the engine may give it to a worker; more than once only after a worker died. */
  maxAttempts: number;
}

function defineJob<T extends z.ZodType>(
  name: string,
  version: number,
  payload: T,
  maxAttempts = 5,
): JobDefinition<T> {
  return { name: `${name}.v${version}`, payload, maxAttempts };
}

/** Outlives any number of dead workers: what a generation or a sample dies of is counted in its own row. */
const always = 32_767;

/** A ticket to work on the demo's queue: which generation is next, its table says (server/worker/README.md). */
export const demoJob = defineJob('demo', 1, z.object({}), always);

/** Whether an uploaded picture is one that the model knows. Short, so it comes before everything else. */
export const pictureCheckJob = defineJob(
  'picture-check',
  1,
  z.object({ hash: z.string(), revisionId: z.uuid() }),
);
export const pictureCheckPriority = -1000;

/** Makes a picture of a recorded run again: somebody looks at it. After the demo's jobs, before the evaluation's. */
export const remakeJob = defineJob(
  'remake-picture',
  1,
  z.object({
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    /** Milliseconds of the epoch after which nobody looks at it any more; absent where it is made ahead. */
    until: z.number().optional(),
  }),
  3,
);
/** Of the first that somebody looks at; those after it have the numbers up to 99 above. */
export const remakePriority = 500;
/** Of those that are made ahead, before anybody looks. */
export const remakeAheadPriority = 700;

/** Removes old events and pictures that nothing refers to. */
export const sweepJob = defineJob('sweep', 1, z.unknown());

/** Removes files that no row speaks of. */
export const strayJob = defineJob('sweep-strays', 1, z.unknown());

/** Some samples of an evaluation run, counted over all its items and their repeats. */
export const batchJob = defineJob(
  'evaluation-batch',
  1,
  z.object({ runId: z.uuid(), from: z.int().min(0), to: z.int().min(0) }),
  always,
);

/** Stores the data set of a run that was started from the page, and begins it. */
export const prepareJob = defineJob('evaluation-prepare', 1, z.object({ runId: z.uuid() }), always);

/** Ends a run whose samples are all there. */
export const finishJob = defineJob('evaluation-finish', 1, z.object({ runId: z.uuid() }), always);

/** Tests that are missing between the runs of one board of the leaderboard. */
export const leaderboardJob = defineJob(
  'leaderboard-tests',
  1,
  z.object({ versionId: z.uuid(), fingerprint: z.string() }),
  always,
);

/** Evaluation jobs come after all demo jobs. */
export const evaluationPriority = 1000;
