/** Metrics, and how their values are told. Light: pages load it. */

/** How a value of a metric is to be read. */
export interface MetricInfo {
  metric: string;
  better: 'higher' | 'lower';
  unit: 'share' | 'cosine' | 'mean absolute difference' | 'points' | 'percent';
  /** Places after the point. */
  decimals: number;
  /** Whether samples have it, not runs alone. */
  ofSamples: boolean;
}

/** A metric of a benchmark. */
export interface Metric extends MetricInfo {
  /** In English; pages that are translated have it in their catalogues. */
  title: string;
  /** Whether runs have it for each group of items, too. */
  byGroup?: boolean;
  /** Left out of tables and lists unless somebody asks for it. */
  secondary?: boolean;
}

/** The metric of samples that are right (1) or wrong (0); runs have no aggregate of this name. */
export const verdictMetric = 'correct';

/** What a benchmark's samples carry where they are right or wrong. */
export const verdict: Metric = {
  ...{ metric: verdictMetric, title: 'Share correct', better: 'higher', unit: 'share', decimals: 3 },
  ofSamples: true,
};

/** What of a metric goes to pages and files. */
export const infoOf = ({ metric, better, unit, decimals, ofSamples }: MetricInfo): MetricInfo => ({
  ...{ metric, better, unit, decimals, ofSamples },
});

/** What a stored value is multiplied by to be in its unit: shares are stored from 0 to 1. */
export const scaleOf = ({ unit }: Pick<MetricInfo, 'unit'>): number => (unit === 'percent' ? 100 : 1);

/** How a value of an unknown metric is told. */
export const plainFigure: Pick<MetricInfo, 'unit' | 'decimals'> = { unit: 'share', decimals: 3 };

/**
 * A stored value in its unit, with the places of its metric, as every table, export and page tells it; without a sign
 * for the unit. A digit that rounding leaves at 0 has no minus.
 */
export function figureText(value: number, how: Pick<MetricInfo, 'unit' | 'decimals'> = plainFigure): string {
  const text = (value * scaleOf(how)).toFixed(how.decimals);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text;
}

/** The same with the sign of its unit, e.g. `45.7 %`. */
export const figureWithUnit = (
  value: number,
  how: Pick<MetricInfo, 'unit' | 'decimals'> = plainFigure,
): string => `${figureText(value, how)}${how.unit === 'percent' ? ' %' : ''}`;

/** The group of an aggregate that sums several groups of items up, such as a domain of MMMU's subjects. */
export const domainOf = (name: string): string => `domain: ${name}`;
export const isDomain = (group: string): boolean => group.startsWith(domainOf(''));
