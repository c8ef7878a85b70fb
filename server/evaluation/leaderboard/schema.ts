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
  /** Who measured it: this installation, the repository's record, or the title of a paper. */
  by: z.string(),
  /** Of a published one: table of the source. */
  place: z.string().nullable(),
  url: z.string().nullable(),
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  evaluators: z.array(
    z.object({ kind: z.string(), name: z.string(), version: z.string(), hash: z.string() }),
  ),
  /** The preset that the evaluators are of; null for others, and where there is no choice. */
  preset: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  protocol: z.string(),
  dataset: z.string().nullable(),
  /** sha256 of all that the figures depend on; null for published ones. */
  fingerprint: z.string().nullable(),
  date: z.date(),
});

export const leaderboardRowSchema = z.object({
  /** Unique in its table: `run:<id>` or `published:<model>:<place>`. */
  id: z.string(),
  kind: z.enum(['measured', 'published']),
  model: z.string(),
  version: z.string().nullable(),
  /** Of its run: what people call it and say of it. */
  name: z.string().nullable(),
  note: z.string().nullable(),
  tags: z.array(z.string()),
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
  /** The rules of asking and scoring, or what the source says about them. */
  protocol: z.string(),
  /** Of a measured one: what measured it, how many items and samples of each, and whether these are all items. */
  measured: z
    .object({ evaluators: z.array(z.string()), items: z.int(), repeats: z.int(), whole: z.boolean() })
    .nullable(),
  /** Of a published one. */
  published: z.object({ source: z.string(), place: z.string() }).nullable(),
  /**
   * Parts of the fingerprint in which the measured boards of this table differ, by their names there
   * (`settings.decoder`), in words; empty where a board has no such
   * part: a setting is left to the model then.
   */
  distinct: z.record(z.string(), z.string()),
  /** The test behind `groups`; null for published ones, and where there are no two rows to test. */
  test: z
    .object({
      name: z.enum(['mcnemar', 'paired bootstrap']),
      /** How several tests were corrected. */
      correction: z.string(),
      level: z.number(),
      /** Pairs of rows that are tested, and how many of them are still to be computed: groups come with the last. */
      pairs: z.int(),
      pending: z.int(),
      /** There where tests are still to be computed and no worker is online to do it. */
      unserved: z.literal(true).optional(),
      /** Rows that are tested: the best of the complete ones. */
      rows: z.int(),
      /** Complete rows beyond them, which are placed by their figure alone. */
      untested: z.int(),
      /** Fewest items that both runs of a pair have; null before a test is there. */
      items: z.int().nullable(),
    })
    .nullable(),
});

export const leaderboardSchema = z.object({
  benchmark: runBenchmarkSchema,
  /** Its main figure. */
  main: z.string(),
  /** Columns, in order: the main figure first, then categories or further figures. */
  metrics: z.array(
    metricInfoSchema.extend({
      /** Of one group of items, not of all. */
      category: z.boolean(),
      /** The figure of which it is the category; itself otherwise. */
      of: z.string(),
      /** The group as samples can be filtered by it; empty where there is none. */
      group: z.string(),
      /** Left out unless somebody asks for it. */
      secondary: z.boolean(),
    }),
  ),
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

export const benchmarkInputSchema = z.object({ benchmark: z.string().min(1).max(100) });
export const historyInputSchema = benchmarkInputSchema.extend({ model: z.string().min(1).max(300) });

export type ExportFormat = (typeof exportFormats)[number];
export type LeaderboardMetric = Leaderboard['metrics'][number];
export type Provenance = z.infer<typeof provenanceSchema>;
export type Leaderboard = z.infer<typeof leaderboardSchema>;
export type LeaderboardRow = z.infer<typeof leaderboardRowSchema>;
export type Board = z.infer<typeof boardSchema>;
export type Figure = z.infer<typeof figureSchema>;
export type Overview = z.infer<typeof overviewSchema>;
export type ModelHistory = z.infer<typeof historySchema>;
export type Citation = z.infer<typeof citationSchema>;
