import { z } from 'zod';
import { metricInfoSchema, runBenchmarkSchema } from '../runs/schema';

/** The shapes of the leaderboard. Browser-safe: zod only. */

/** One number of a table. */
export const figureSchema = z.object({
  value: z.number(),
  /** As the source prints it, or as many places as the metric has. */
  decimals: z.int(),
  /** 95 %; null for published ones. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  n: z.int().nullable(),
});

export const provenanceSchema = z.object({
  /** Who measured it: this installation, this repository's record, or a paper. */
  by: z.string(),
  /** Of a published one: table of the source. */
  place: z.string().nullable(),
  url: z.string().nullable(),
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  evaluators: z.array(
    z.object({ kind: z.string(), name: z.string(), version: z.string(), hash: z.string() }),
  ),
  settings: z.record(z.string(), z.unknown()),
  protocol: z.string(),
  dataset: z.string().nullable(),
  date: z.date(),
});

export const leaderboardRowSchema = z.object({
  /** Unique in its table: `run:<id>` or `published:<model>:<place>`. */
  id: z.string(),
  kind: z.enum(['measured', 'published']),
  model: z.string(),
  version: z.string().nullable(),
  /** Where its outputs come from; null for published ones. */
  modelKind: z.enum(['directory', 'endpoint', 'imported']).nullable(),
  runId: z.uuid().nullable(),
  /** Measured before and elsewhere, shipped with the repository. */
  recorded: z.boolean(),
  /**
   * What was measured how. Only rows of the same board are ranked together: measured ones by their fingerprint,
   * published ones by source.
   */
  board: z.string(),
  figures: z.record(z.string(), figureSchema),
  /** Place on its board by the main metric; rows of one group share the best place of it. Null where it is not ranked. */
  rank: z.int().nullable(),
  /** Letters: rows of a board that share one do not differ significantly. Empty where nothing was tested. */
  groups: z.string(),
  /** Something that the protocol asks for is missing: it is not ranked. */
  incomplete: z.boolean(),
  /** Milliseconds of a call to the model, median. */
  latencyMs: z.number().nullable(),
  /** Of a published row whose overall is not the mean of its categories: that mean. */
  inconsistentMean: z.number().nullable(),
  provenance: provenanceSchema,
});

export const boardSchema = z.object({
  id: z.string(),
  kind: z.enum(['measured', 'published']),
  /** In words: what makes its rows comparable. */
  title: z.string(),
  /** Parts of the fingerprint in which the boards of this table differ. */
  distinct: z.record(z.string(), z.string()),
  /** The test behind `groups`; null for published ones. */
  test: z
    .object({
      name: z.enum(['mcnemar', 'paired bootstrap']),
      /** How several tests were corrected. */
      correction: z.string(),
      level: z.number(),
      pairs: z.int(),
    })
    .nullable(),
});

export const leaderboardSchema = z.object({
  benchmark: runBenchmarkSchema,
  /** Its main figure. */
  main: z.string(),
  /** Columns, in order: the main figure first, then categories or further figures. */
  metrics: z.array(metricInfoSchema.extend({ category: z.boolean() })),
  boards: z.array(boardSchema),
  rows: z.array(leaderboardRowSchema),
});

export const overviewSchema = z.object({
  benchmarks: z.array(
    runBenchmarkSchema.extend({
      main: metricInfoSchema,
      measured: z.int(),
      published: z.int(),
      /** Also of benchmarks that only papers report. */
      runnable: z.boolean(),
    }),
  ),
  /** One row a model: its best complete figure of each benchmark. */
  rows: z.array(
    z.object({
      model: z.string(),
      figures: z.record(
        z.string(),
        figureSchema.extend({
          kind: z.enum(['measured', 'published']),
          runId: z.uuid().nullable(),
          source: z.string(),
        }),
      ),
    }),
  ),
});

/** The main figure of one model's versions and runs on a benchmark, oldest first. */
export const historySchema = z.array(
  z.object({
    runId: z.uuid(),
    version: z.string(),
    date: z.date(),
    figure: figureSchema,
    board: z.string(),
    incomplete: z.boolean(),
  }),
);

export const citationSchema = z.object({ text: z.string(), bibtex: z.string() });

export const exportFormats = ['csv', 'json', 'md', 'tex'] as const;

export type Leaderboard = z.infer<typeof leaderboardSchema>;
export type LeaderboardRow = z.infer<typeof leaderboardRowSchema>;
export type Board = z.infer<typeof boardSchema>;
export type Figure = z.infer<typeof figureSchema>;
export type Overview = z.infer<typeof overviewSchema>;
export type ModelHistory = z.infer<typeof historySchema>;
export type Citation = z.infer<typeof citationSchema>;
