import type { BenchmarkFigures, MetricInfo } from './metrics';
import { columnOfGroup } from './metrics';
import type { BoardRun } from './runs';
import type { Figure, LeaderboardMetric } from './schema';

/** Columns of a table, and what rows have in them. */

const whole = (info: MetricInfo): LeaderboardMetric => ({
  ...info,
  category: false,
  of: info.metric,
  group: '',
});

/** Of a benchmark that the project runs. @param groups all that a run has */
export function measuredColumns(figures: BenchmarkFigures, groups: readonly string[]): LeaderboardMetric[] {
  const known = figures.groups.filter((group) => groups.includes(group));
  // Parts of a subject's domain come before the subjects, as in the official print.
  const others = groups
    .filter((group) => !figures.groups.includes(group))
    .sort((a, b) => Number(isDomain(b)) - Number(isDomain(a)) || (a < b ? -1 : 1));
  const further = figures.further.map(whole);
  // Where every figure is broken down, the figures stand together.
  if (figures.grouped.length > 1)
    return [whole(figures.main), ...further, ...[figures.main, ...figures.further].flatMap(categoriesOf)];
  return [whole(figures.main), ...categoriesOf(figures.main), ...further];

  function categoriesOf(info: MetricInfo): LeaderboardMetric[] {
    return [...known, ...others].map((group) => ({
      ...info,
      metric: columnOfGroup(figures, info.metric, group),
      category: true,
      of: info.metric,
      // Samples belong to a subject; a domain is several of them.
      group: isDomain(group) ? '' : group,
    }));
  }
}

const isDomain = (group: string) => group.startsWith('domain: ');

/** A run's figures by column. */
export function figuresOfRun(run: BoardRun, figures: BenchmarkFigures): Record<string, Figure> {
  const infos = new Map([figures.main, ...figures.further].map((info) => [info.metric, info]));
  return Object.fromEntries(
    run.aggregates.flatMap(({ metric, group, n, mean, low, high }) => {
      const info = infos.get(metric);
      if (!info) return [];
      const key = group === '' ? metric : columnOfGroup(figures, metric, group);
      const scaled = (value: number) => value * figures.scale;
      const interval: Figure['interval'] = low === null || high === null ? null : [scaled(low), scaled(high)];
      return [[key, { value: scaled(mean), decimals: info.decimals, interval, n }]];
    }),
  );
}
