import { findBenchmark } from '../../../eval/benchmarks';
import { runMetricsOf, type Benchmark } from '../../../eval/benchmarks/definition';
import { infoOf, isDomain, scaleOf, type Metric } from '../../../eval/benchmarks/metric';
import type { BoardRun } from './runs';
import type { Figure, LeaderboardMetric } from './schema';

/** Columns of a table, and what rows have in them. */

const whole = (metric: Metric): LeaderboardMetric => ({
  ...infoOf(metric),
  category: false,
  of: metric.metric,
  group: '',
  secondary: metric.secondary ?? false,
});

/** The metrics that are also broken down by groups of items, the main one first. */
const groupedOf = (benchmark: Pick<Benchmark, 'metrics'>): readonly Metric[] =>
  runMetricsOf(benchmark).filter(({ byGroup }) => byGroup);

/** The column of one group of items. */
const columnOfGroup = (benchmark: Pick<Benchmark, 'metrics'>, metric: string, group: string): string =>
  groupedOf(benchmark).length === 1 ? group : `${metric}.${group}`;

/** A published figure's column, by the name that runs use for it. */
export const columnOfPublished = (benchmark: string, metric: string): string =>
  findBenchmark(benchmark)?.publishedAs?.[metric] ?? metric;

/** Of a benchmark that the project runs. @param groups all that a run has */
export function measuredColumns(benchmark: Benchmark, groups: readonly string[]): LeaderboardMetric[] {
  const known = benchmark.groups.filter((group) => groups.includes(group));
  // Parts of a subject's domain come before the subjects, as in the official print.
  const others = groups
    .filter((group) => !benchmark.groups.includes(group))
    .sort((a, b) => Number(isDomain(b)) - Number(isDomain(a)) || (a < b ? -1 : 1));
  const [main, ...further] = runMetricsOf(benchmark).map(whole);
  const grouped = groupedOf(benchmark);
  const categories = grouped.flatMap(categoriesOf);
  // Where every figure is broken down, the figures stand together.
  return grouped.length > 1 ? [main!, ...further, ...categories] : [main!, ...categories, ...further];

  function categoriesOf(metric: Metric): LeaderboardMetric[] {
    return [...known, ...others].map((group) => ({
      ...infoOf(metric),
      metric: columnOfGroup(benchmark, metric.metric, group),
      category: true,
      of: metric.metric,
      // Samples belong to a subject; a domain is several of them.
      group: isDomain(group) ? '' : group,
      secondary: false,
    }));
  }
}

/** A run's figures by column. */
export function figuresOfRun(run: BoardRun, benchmark: Benchmark): Record<string, Figure> {
  const metrics = new Map(runMetricsOf(benchmark).map((one) => [one.metric, one]));
  return Object.fromEntries(
    run.aggregates.flatMap(({ metric, group, n, mean, low, high }) => {
      const info = metrics.get(metric);
      if (!info) return [];
      const key = group === '' ? metric : columnOfGroup(benchmark, metric, group);
      const scaled = (value: number) => value * scaleOf(info);
      const interval: Figure['interval'] = low === null || high === null ? null : [scaled(low), scaled(high)];
      return [[key, { value: scaled(mean), decimals: info.decimals, interval, n }]];
    }),
  );
}
