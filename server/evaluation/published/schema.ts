import { z } from 'zod';

/** What a value is measured in, and what it can be. */
const RANGES = {
  share: [0, 1],
  percent: [0, 100],
  points: [0, Infinity],
  cosine: [-1, 1],
  'mean absolute difference': [0, 1],
} as const;
export type PublishedUnit = keyof typeof RANGES;

const metricSchema = z.strictObject({
  /** The benchmark by the name that runs use, where the project runs it. */
  benchmark: z.string().regex(/^[a-z0-9-]+$/),
  /** By the name that runs use: GenEval's tasks by their tags. No other column of the table has it. */
  metric: z.string().regex(/^[a-z0-9_]+$/),
  /** As the table names it. */
  column: z.string().min(1),
  unit: z.enum(Object.keys(RANGES) as [PublishedUnit, ...PublishedUnit[]]),
  /** Places after the point that the table prints. */
  decimals: z.int().min(0).max(6),
  /** How it was measured, in the source's own words as far as they go. */
  protocol: z.string().min(1),
});

/** One table of a source, as it is printed. */
export const publishedTableSchema = z
  .strictObject({
    source: z.strictObject({ title: z.string().min(1), arxiv: z.string().regex(/^\d{4}\.\d{5}$/) }),
    table: z.int().positive(),
    /** The day on which it was copied from the source. */
    transcribed: z.iso.date(),
    metrics: z.array(metricSchema).min(1),
    /** The model, and a value for each metric; null where the source reports none. "(Ours)" is left out. */
    rows: z.array(z.tuple([z.string().min(1)], z.number().nullable())),
    /** What a reader needs to know of a row that the table does not say, by model. */
    notes: z.record(z.string(), z.string().min(1)).default({}),
  })
  .superRefine(({ metrics, rows, notes }, context) => {
    const wrong = (message: string) => context.addIssue({ code: 'custom', message });
    if (new Set(metrics.map(({ metric }) => metric)).size < metrics.length)
      wrong('two columns of one metric');
    if (new Set(rows.map(([model]) => model)).size < rows.length) wrong('two rows of one model');
    for (const model of Object.keys(notes))
      if (!rows.some(([known]) => known === model)) wrong(`a note on ${model}, which has no row`);
    for (const [model, ...values] of rows) {
      if (values.length !== metrics.length) wrong(`${model} has ${values.length} values`);
      for (const [i, { column, unit, decimals }] of metrics.entries()) {
        const value = values[i];
        if (value === null || value === undefined) continue;
        const [low, high] = RANGES[unit];
        if (value < low || value > high) wrong(`${model}, ${column}: ${value} is no ${unit}`);
        if (value !== Number(value.toFixed(decimals)))
          wrong(`${model}, ${column}: ${value} has more than ${decimals} decimals`);
      }
    }
  });
export type PublishedTable = z.infer<typeof publishedTableSchema>;
