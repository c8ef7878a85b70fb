import { z } from 'zod';
import { boundedSchema, parameterShape, valueSchema } from '../../../models/runtime/parameter-schema';
import { parameters, type KeysWith } from '../../../models/runtime/parameters';
import {
  decisionSchema,
  detectionSchema,
  expectedSchema,
  sweepPointSchema,
} from '../../../eval/benchmarks/views';
import { blobHashSchema, taskSchema } from '../../demo/schema';
import { labelsSchema, visibilitySchema } from '../labels';

/** The shapes of the pages of runs. Browser-safe: zod only. */

export const runStateSchema = z.enum(['running', 'paused', 'cancelled', 'done', 'failed']);

const intervalSchema = z.tuple([z.number(), z.number()]).nullable();

/** How a figure is to be read. */
export const metricInfoSchema = z.object({
  metric: z.string(),
  better: z.enum(['higher', 'lower']),
  unit: z.enum(['share', 'cosine', 'mean absolute difference', 'points', 'percent']),
  decimals: z.int(),
  /** Whether samples have it, so that they can be sorted and filtered by it. */
  ofSamples: z.boolean(),
});

export const runBenchmarkSchema = z.object({
  name: z.string(),
  title: z.string(),
  task: taskSchema,
  synthetic: z.boolean(),
});

export const runModelSchema = z.object({
  name: z.string(),
  version: z.string(),
  kind: z.enum(['directory', 'endpoint', 'imported']),
  revisionId: z.uuid(),
});

export const countsSchema = z.object({
  expected: z.int(),
  generated: z.int(),
  scored: z.int(),
  failed: z.int(),
  unscored: z.int(),
  missing: z.int(),
  cached: z.int(),
});

/** A run in a list. */
const headlineSchema = z.object({
  metric: z.string(),
  mean: z.number(),
  interval: intervalSchema,
  n: z.int(),
  unit: metricInfoSchema.shape.unit,
  decimals: z.int(),
  /** Of a run that goes on: of the samples scored by now. */
  provisional: z.boolean(),
});

export const runRowSchema = z.object({
  id: z.uuid(),
  state: runStateSchema,
  /** Why it failed, or paused by itself. */
  reason: z.string().nullable(),
  benchmark: runBenchmarkSchema,
  model: runModelSchema,
  /** Shipped with the repository: measured before, elsewhere. */
  recorded: z.boolean(),
  visibility: visibilitySchema,
  /** What people call it; null where it has no name. */
  name: z.string().nullable(),
  tags: z.array(z.string()),
  /** What it measured how, as names and words: what tells it from others is among these (server/evaluation/runs/run-differences.ts). */
  traits: z.record(z.string(), z.string()),
  /** Settings that were chosen, beside the usual ones: they tell runs of one model on one benchmark apart. */
  chosen: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Its data is being stored by a worker; until then it has no samples to expect. */
  preparing: z.boolean(),
  /** The benchmark's main figure. */
  headline: headlineSchema.nullable(),
  /** Samples that are through, of how many; answers that are scored all together at the end count once they are there. */
  done: z.int(),
  expected: z.int(),
  scored: z.int(),
  /** Items of the data set that it measures, of how many. */
  items: z.object({ measured: z.int(), all: z.int() }),
  failed: z.int(),
  incomplete: z.boolean().nullable(),
  /** Who started it from the page; only for the team. */
  startedBy: z.string().nullable(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});

export const listRunsSchema = z.object({
  benchmark: z.string().max(100).optional(),
  state: runStateSchema.optional(),
  /** Words in its name, its tags, its note, or the model's name. */
  query: z.string().max(200).optional(),
  /** One of its tags, in full. */
  tag: z.string().max(200).optional(),
  visibility: visibilitySchema.optional(),
  cursor: z.string().max(200).nullish(),
  limit: z.int().min(1).max(100).default(50),
});
export const runListSchema = z.object({ items: z.array(runRowSchema), nextCursor: z.string().nullable() });

export const aggregateSchema = z.object({
  metric: z.string(),
  /** Empty for the run as a whole. */
  group: z.string(),
  n: z.int(),
  mean: z.number(),
  standardError: z.number().nullable(),
  interval: intervalSchema,
});

export const runDetailSchema = runRowSchema.extend({
  note: z.string().nullable(),
  /** What who asks may do to it. */
  may: z.object({ edit: z.boolean(), setVisibility: z.boolean() }),
  protocol: z.string(),
  dataset: z.string(),
  /** The groups of its items, in the order of the benchmark. */
  groups: z.array(z.string()),
  metrics: z.array(metricInfoSchema),
  aggregates: z.array(aggregateSchema),
  counts: countsSchema,
  /** Milliseconds of the model's calls alone. */
  latency: z.object({ p50: z.number(), p95: z.number(), n: z.int() }).nullable(),
  /** From its start to its end, without pauses; null before the end. */
  seconds: z.number().nullable(),
  /** Why samples failed or could not be measured, most frequent first. */
  problems: z.array(z.object({ reason: z.string(), n: z.int() })),
  dataProblems: z.array(z.object({ where: z.string(), reason: z.string() })),
  settings: z.record(z.string(), z.unknown()),
  /** The preset that its evaluators are of; null for others, and where there is no choice. */
  preset: z.string().nullable(),
  repeats: z.int(),
  fingerprint: z.object({ id: z.string(), of: z.record(z.string(), z.unknown()) }),
  /** Commit, packages, machine. Names of hosts only for the team. */
  provenance: z.record(z.string(), z.unknown()),
  /** What the benchmark's own script would print, and more. */
  summary: z.record(z.string(), z.unknown()).nullable(),
  /** Whether stored detections allow to ask what another threshold would change. */
  sweep: z.boolean(),
  sourceId: z.uuid().nullable(),
});

/** What `runs.follow` streams: the first at once, then whenever something changed. The last has an end state. */
export const runProgressSchema = z.object({
  state: runStateSchema,
  reason: z.string().nullable(),
  preparing: z.boolean(),
  counts: countsSchema,
  /** Its score so far; null where there is none, and at the end, when the run has its own. */
  headline: headlineSchema.nullable(),
  /** Samples a second over the last minute; null before there are two. */
  rate: z.number().nullable(),
  /** Until the end at that rate. */
  secondsLeft: z.number().nullable(),
});

/** What can be started, for the form. */
export const runOptionsSchema = z.object({
  models: z.array(
    runModelSchema.extend({
      hash: z.string(),
      /** The model that the demo offers. */
      active: z.boolean(),
      /** Why it cannot be measured just now; null where it can. */
      unavailable: z.string().nullable(),
    }),
  ),
  benchmarks: z.array(
    runBenchmarkSchema.extend({
      repeats: z.int(),
      items: z.int().nullable(),
      groups: z.array(z.object({ name: z.string(), n: z.int() })),
      /** Its data has to be pulled first (`studio data pull`); null where it is there. */
      unavailable: z.string().nullable(),
      /** Settings that mean something to it. */
      settings: z.array(z.string()),
      presets: z.array(
        z.object({
          name: z.string(),
          /** That of a run that names none. */
          usual: z.boolean(),
          /** Evaluators that are to be installed first; empty where it can be used. */
          lacks: z.array(
            z.object({
              evaluator: z.string(),
              problem: z.enum(['missing', 'unreadable', 'kind', 'classes', 'thresholds']),
              /** What installs it. */
              command: z.string(),
            }),
          ),
        }),
      ),
    }),
  ),
  /** Live workers: without one a run waits. */
  workers: z.int(),
});

export const startRunSchema = z.object({
  benchmark: z.string().max(100),
  /**
   * A revision that is known, or a new OpenAI-compatible endpoint, which only an administrator may name. Keys are named by
   * a variable of the worker's environment.
   */
  model: z.union([
    z.object({
      revisionId: z.uuid(),
      /** Of a known endpoint: how this run asks it, where that is not as before. */
      limits: z
        .object({
          requestsPerMinute: z.int().min(1).max(60_000).optional(),
          concurrency: z.int().min(1).max(64).optional(),
          maxRequests: z.int().min(1).optional(),
        })
        .optional(),
    }),
    z.object({
      endpoint: z.object({
        baseUrl: z.string().max(2000),
        model: z.string().min(1).max(200),
        apiKeyEnv: z.string().max(100).optional(),
        requestsPerMinute: z.int().min(1).max(60_000).optional(),
        concurrency: z.int().min(1).max(64).optional(),
        maxRequests: z.int().min(1).optional(),
      }),
    }),
  ]),
  settings: z.object({
    ...parameterShape<KeysWith<{ run: object }>>(
      parameters.filter(({ run }) => run),
      (parameter) =>
        parameter.leftOut === 'drawn' ? boundedSchema(parameter, parameter.max?.run) : valueSchema(parameter),
    ),
    images: z.enum(['all', 'first']).optional(),
    prompt: z.enum(['official', 'question']).optional(),
    language: z.enum(['en', 'zh']).optional(),
    preset: z.string().max(50).optional(),
  }),
  groups: z.array(z.string().max(100)).max(100).optional(),
  limit: z.int().min(1).max(1_000_000).optional(),
  repeats: z.int().min(1).max(64).optional(),
  cache: z.boolean().default(true),
  /** Publishing is an act of its own, once it is done. */
  visibility: visibilitySchema.exclude(['published']).default('team'),
  ...labelsSchema.shape,
  /** Drawn by the sender: the same request sent again is the same run. */
  requestId: z.uuid(),
});

/** Which samples of a run, and in which order. All of it may stand in a URL. */
export const sampleFilterSchema = z.object({
  groups: z.array(z.string().max(100)).max(100).optional(),
  verdict: z.enum(['right', 'wrong']).optional(),
  state: z.enum(['generated', 'scored', 'failed', 'unscored']).optional(),
  /** Part of the reason or error. */
  reason: z.string().max(200).optional(),
  /** Words of the prompt, question or instruction. */
  query: z.string().max(200).optional(),
  metric: z.string().max(50).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** `margin`: the closest decisions first. */
  order: z.enum(['item', 'lowest', 'highest', 'margin', 'slowest']).default('item'),
});

export const listSamplesSchema = z.object({
  runId: z.uuid(),
  filter: sampleFilterSchema.prefault({}),
  cursor: z.string().max(300).nullish(),
  limit: z.int().min(1).max(200).default(100),
});

const pictureSchema = z.object({ hash: blobHashSchema, width: z.int(), height: z.int() });

/** A sample in a grid. */
export const sampleTileSchema = z.object({
  id: z.uuid(),
  key: z.string(),
  position: z.int(),
  group: z.string(),
  repeat: z.int(),
  state: z.enum(['generated', 'scored', 'failed', 'unscored']),
  /** The prompt, question or instruction, shortened. */
  prompt: z.string(),
  picture: pictureSchema.nullable(),
  /** Of an answer, shortened. */
  text: z.string().nullable(),
  /** Right or wrong; null for benchmarks of figures. */
  correct: z.boolean().nullable(),
  scores: z.array(z.object({ metric: z.string(), value: z.number() })),
  /** How far the closest of its decisions was from going the other way, from 0; null where nothing was decided. */
  margin: z.number().nullable(),
  /** Why it is wrong, failed or unscored. */
  reason: z.string().nullable(),
  latencyMs: z.number().nullable(),
});
export const sampleListSchema = z.object({
  items: z.array(sampleTileSchema),
  nextCursor: z.string().nullable(),
  /** Of all that pass the filter, 100,000 at most; on the first page alone. */
  total: z.int().nullable(),
});

export const sampleDetailSchema = sampleTileSchema.extend({
  runId: z.uuid(),
  /** Whole. */
  prompt: z.string(),
  text: z.string().nullable(),
  /** What was asked for. */
  expected: expectedSchema,
  /** Pictures of the item, by name: question pictures, source, target. */
  pictures: z.array(pictureSchema.extend({ name: z.string() })),
  detections: z.array(detectionSchema),
  threshold: z.number().nullable(),
  decisions: z.array(decisionSchema),
  details: z.record(z.string(), z.unknown()),
  /** The model was asked this. */
  request: z.record(z.string(), z.unknown()),
  cached: z.boolean(),
  /** The other samples of its item. */
  siblings: z.array(
    z.object({
      id: z.uuid(),
      repeat: z.int(),
      correct: z.boolean().nullable(),
      picture: pictureSchema.nullable(),
    }),
  ),
  createdAt: z.date(),
});

/** What other thresholds would make of the run, from stored detections. */
export const sweepSchema = z.object({
  /** Thresholds of the run: of most tags, and of counting. */
  current: z.object({ default: z.number(), counting: z.number() }),
  points: z.array(sweepPointSchema),
});
export const flipsSchema = z.object({
  runId: z.uuid(),
  threshold: z.number().min(0).max(1),
  /** One group alone. */
  group: z.string().max(100).optional(),
});
export const flipListSchema = z.object({
  /** At most 500, by position. */
  items: z.array(
    sampleTileSchema.extend({ before: z.boolean(), after: z.boolean(), afterReason: z.string() }),
  ),
  total: z.int(),
  unknown: z.int(),
});

export const compareRunsSchema = z.object({ first: z.uuid(), second: z.uuid() });
export const comparisonSchema = z.object({
  first: runRowSchema,
  second: runRowSchema,
  /** Parts of the fingerprints that differ: where there are any, the figures are not of the same measurement. */
  differences: z.array(z.object({ name: z.string(), first: z.unknown(), second: z.unknown() })),
  common: z.int(),
  alone: z.object({ first: z.int(), second: z.int() }),
  /** How the figures below are to be read. */
  metricInfos: z.array(metricInfoSchema),
  metrics: z.array(
    z.object({
      metric: z.string(),
      first: z.number(),
      second: z.number(),
      /** Second minus first. */
      difference: z.number(),
      test: z.enum(['mcnemar', 'paired bootstrap']),
      p: z.number().nullable(),
      /** Of the difference; null for McNemar's. */
      interval: intervalSchema,
      /**
       * McNemar takes samples as independent, which several of one item are not quite: the same test with the samples of an
       * item taken together, and the paired bootstrap of the items' means. Null where every item has one.
       */
      byItem: z
        .object({
          n: z.int(),
          p: z.number(),
          interval: intervalSchema,
          verdict: z.enum(['better', 'worse', 'tie']),
        })
        .nullable(),
      gained: z.int(),
      lost: z.int(),
      /** Of the second. A difference inside the noise is a tie. */
      verdict: z.enum(['better', 'worse', 'tie']),
    }),
  ),
  groups: z.array(
    z.object({ group: z.string(), metric: z.string(), first: z.number(), second: z.number(), n: z.int() }),
  ),
});
export const comparedItemsSchema = compareRunsSchema.extend({
  metric: z.string().max(50),
  /**
   * Items that only the second has right, only the first, both, neither. Of other figures: in which the second is ahead, or
   * behind, or equal; there is no fourth.
   */
  which: z.enum(['gained', 'lost', 'both', 'neither']),
  groups: z.array(z.string().max(100)).max(100).optional(),
  cursor: z.string().max(300).nullish(),
  limit: z.int().min(1).max(100).default(50),
});
export const comparedListSchema = z.object({
  items: z.array(z.object({ first: sampleTileSchema, second: sampleTileSchema })),
  nextCursor: z.string().nullable(),
  total: z.int().nullable(),
});

export type RunState = z.infer<typeof runStateSchema>;
export type RunRow = z.infer<typeof runRowSchema>;
export type RunList = z.infer<typeof runListSchema>;
export type RunDetail = z.infer<typeof runDetailSchema>;
export type RunProgress = z.infer<typeof runProgressSchema>;
export type RunOptions = z.infer<typeof runOptionsSchema>;
export type StartRun = z.input<typeof startRunSchema>;
export type MetricInfo = z.infer<typeof metricInfoSchema>;
export type SampleFilter = z.input<typeof sampleFilterSchema>;
export type SampleList = z.infer<typeof sampleListSchema>;
export type SampleTile = z.infer<typeof sampleTileSchema>;
export type SampleDetail = z.infer<typeof sampleDetailSchema>;
export type { DetectionView } from '../../../eval/benchmarks/views';
export type Sweep = z.infer<typeof sweepSchema>;
export type FlipList = z.infer<typeof flipListSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparedItems = z.input<typeof comparedItemsSchema>;
export type ComparedList = z.infer<typeof comparedListSchema>;
