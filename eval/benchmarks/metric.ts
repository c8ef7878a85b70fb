import type { BenchmarkName } from './definition';

/** How a figure of a benchmark is to be read. */
export interface MetricInfo {
  metric: string;
  better: 'higher' | 'lower';
  unit: 'share' | 'cosine' | 'mean absolute difference' | 'points' | 'percent';
  /** Places after the point. */
  decimals: number;
  /** Whether samples have it, not runs alone. */
  ofSamples: boolean;
}

/** What a stored figure is multiplied by to be in its unit: shares are stored from 0 to 1. */
export const scaleOf = ({ unit }: Pick<MetricInfo, 'unit'>): number => (unit === 'percent' ? 100 : 1);

/** How a figure of no known metric is told. */
export const plainFigure: Pick<MetricInfo, 'unit' | 'decimals'> = { unit: 'share', decimals: 3 };

/**
 * A stored figure in its unit, with the places of its metric, as every table, export and page tells it; without a sign
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

const share = (metric: string, ofSamples = false): MetricInfo => ({
  ...{ metric, better: 'higher', unit: 'share', decimals: 3, ofSamples },
});
/** Questions are told in percent everywhere, as the benchmarks' own tables do. */
const percent = (metric: string): MetricInfo => ({
  ...{ metric, better: 'higher', unit: 'percent', decimals: 1, ofSamples: false },
});
const cosine = (metric: string): MetricInfo => ({
  ...{ metric, better: 'higher', unit: 'cosine', decimals: 3, ofSamples: true },
});
const l1: MetricInfo = {
  metric: 'l1',
  better: 'lower',
  unit: 'mean absolute difference',
  decimals: 3,
  ofSamples: true,
};

const ofEdits = [cosine('dino_o'), cosine('clip_o'), cosine('clip_t'), l1];
const ofQuestions = [percent('accuracy'), share('correct', true)];

/**
 * The figures of each benchmark, the main one first. Of edits DINO-O leads: it tells pictures apart by what is where in
 * them, while CLIP's figures hardly move between a picture and its edit.
 */
export const figures: Readonly<Record<BenchmarkName, readonly MetricInfo[]>> = {
  geneval: [share('accuracy'), share('images'), share('prompts'), share('correct', true)],
  mmmu: ofQuestions,
  'synthetic-mmmu': ofQuestions,
  imagepulse: ofEdits,
  'synthetic-edits': ofEdits,
};

/** How one figure of a benchmark is read; undefined where it has none of that name, or nobody knows the benchmark. */
export const figureOf = (benchmark: string, metric: string): MetricInfo | undefined =>
  Object.hasOwn(figures, benchmark)
    ? figures[benchmark as BenchmarkName].find((one) => one.metric === metric)
    : undefined;

/** The figure that a run is known by. */
export const mainOfRun = (name: BenchmarkName): MetricInfo => figures[name][0]!;

/** The figure that a sample is known by: right or wrong, or of edits DINO-O. */
export const mainOfSample = (name: BenchmarkName): string =>
  figures[name].some(({ metric }) => metric === 'correct') ? 'correct' : 'dino_o';
