/**
 * Results that others report, to be shown beside measured ones and never unmarked among them: Tables 1 to 3 of the
 * Nexus-Gen paper. They are copied, not measured.
 */
import { findBenchmark } from '../../../eval/benchmarks';
import geneval from './nexus-gen-geneval.json';
import imagepulse from './nexus-gen-imagepulse.json';
import understanding from './nexus-gen-understanding.json';
import { publishedTableSchema, type PublishedTable, type PublishedUnit } from './schema';

export interface PublishedRow {
  benchmark: string;
  /** As the source prints it, without "(Ours)". */
  model: string;
  metric: string;
  value: number;
  unit: PublishedUnit;
  /** Places after the point that the source prints. */
  decimals: number;
  /** Title and identifier: "Nexus-Gen: … (arXiv 2504.21356)". */
  source: string;
  /** Number of the table in the source. */
  table: number;
  protocol: string;
  /** The day on which it was copied from the source: "2026-11-21". */
  transcribed: string;
}

const tables = (): PublishedTable[] =>
  [understanding, geneval, imagepulse].map((file) => publishedTableSchema.parse(file));

const sourceOf = ({ source }: PublishedTable) => `${source.title} (arXiv ${source.arxiv})`;

/**
 * Every reported value; what a source leaves empty gives no row.
 * @throws ZodError when a file of this folder is not as schema.ts says
 */
export function readPublished(): PublishedRow[] {
  return tables().flatMap((file) => {
    const { table, transcribed, metrics, rows } = file;
    return rows.flatMap(([model, ...values]) =>
      metrics.flatMap(({ benchmark, metric, unit, decimals, protocol }, i) => {
        const value = values[i];
        if (value === null || value === undefined) return [];
        const from = { source: sourceOf(file), table, protocol, transcribed };
        return [{ benchmark, model, metric, value, unit, decimals, ...from }];
      }),
    );
  });
}

/** What a reader needs to know of a row, by its source, the number of its table and its model; null for most. */
export function noteOf({
  source,
  table,
  model,
}: Pick<PublishedRow, 'source' | 'table' | 'model'>): string | null {
  for (const file of tables())
    if (file.table === table && sourceOf(file) === source) return file.notes[model] ?? null;
  return null;
}

/** Of a benchmark whose main metric is the plain mean of its groups: what sources call both. */
function meanOf(name: string): { overall: string; categories: readonly string[] } | null {
  const benchmark = findBenchmark(name);
  if (benchmark?.mainIs !== 'mean of groups') return null;
  const main = benchmark.metrics[0].metric;
  const [overall = main] =
    Object.entries(benchmark.publishedAs ?? {}).find(([, metric]) => metric === main) ?? [];
  return { overall, categories: benchmark.groups };
}

export interface Inconsistency {
  /** The row of the overall. */
  row: PublishedRow;
  /** Of the categories that stand beside it, in the unit of the row, not rounded. */
  mean: number;
}

/**
 * Rows whose overall is not the mean of its categories at the printed precision. Exactly between two printable values
 * both are right; without all categories nothing can be said.
 */
export function inconsistencies(rows: readonly PublishedRow[]): Inconsistency[] {
  return rows.flatMap((row) => {
    const { overall, categories } = meanOf(row.benchmark) ?? {};
    if (row.metric !== overall || !categories) return [];
    const values = categories.flatMap(
      (metric) => rows.find((other) => other.metric === metric && isBeside(other, row))?.value ?? [],
    );
    if (values.length < categories.length) return [];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    // In units of the last printed place; the margin is for sums in binary.
    const apart = Math.abs(mean - row.value) * 10 ** row.decimals;
    return apart > 0.5 + 1e-6 ? [{ row, mean }] : [];
  });
}

const isBeside = (a: PublishedRow, b: PublishedRow): boolean =>
  a.benchmark === b.benchmark && a.model === b.model && a.source === b.source && a.table === b.table;
