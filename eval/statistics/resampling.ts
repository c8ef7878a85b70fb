import erfc from '@stdlib/math-base-special-erfc';
import { xoshiro128 } from '../../models/runtime';
import { quantile } from './bootstrap';
import { drawKinds } from './draws';

export interface ResamplingOptions {
  /** The same seed gives the same intervals. */
  seed?: number;
  resamples?: number;
  /** Share of such intervals that should hold the truth, 0 to 1. */
  level?: number;
}

export const resamplingDefaults = { seed: 42, resamples: 2000, level: 0.95 } as const;

export interface Resampled {
  /** One for each figure; null where resamples say nothing: all alike, or too many without a value. */
  intervals: ([low: number, high: number] | null)[];
  resamples: number;
  /** How many resamples had no value: all agreed, or ratings were infinite. They are not part of the intervals. */
  withoutValue: number;
}

/**
 * Bias-corrected and accelerated (BCa) bootstrap intervals of figures of things that come in few kinds. Chosen because
 * of the usual intervals it is the one whose coverage was nearest to its level throughout; see README.md.
 * Where more than 1 − level of the resamples have no value there is no interval: its ends would be among them.
 * Source: Efron 1987, "Better bootstrap confidence intervals"; the acceleration from the jackknife, Efron and
 * Tibshirani 1993, equation 14.15.
 * @param counts how many things there are of each kind, whole numbers
 * @param figuresAt the figures of so many things of each kind, which it must not keep; null where they have no value
 */
export function resampledIntervals(
  counts: readonly number[],
  figuresAt: (counts: Float64Array) => ArrayLike<number> | null,
  options: ResamplingOptions = {},
): Resampled {
  const { seed, resamples, level } = { ...resamplingDefaults, ...options };
  const estimates = Float64Array.from(figuresAt(Float64Array.from(counts)) ?? []);
  if (estimates.length === 0) return { intervals: [], resamples, withoutValue: 0 };
  const next = xoshiro128(seed);
  const things = counts.reduce((sum, count) => sum + count, 0);
  const drawn = new Float64Array(counts.length);
  const columns = Array.from(estimates, () => new Float64Array(resamples));
  let found = 0;
  for (let r = 0; r < resamples; r++) {
    drawKinds(next, things, counts, drawn);
    const figures = figuresAt(drawn);
    if (!figures) continue;
    columns.forEach((column, i) => (column[found] = figures[i]!));
    found++;
  }
  const withoutValue = resamples - found;
  if (withoutValue > (1 - level) * resamples)
    return { intervals: columns.map(() => null), resamples, withoutValue };
  const accelerations = jackknife(counts, figuresAt, estimates.length);
  const intervals = columns.map((column, i) =>
    accelerated(column.subarray(0, found).sort(), estimates[i]!, accelerations[i]!, level),
  );
  return { intervals, resamples, withoutValue };
}

/** @param sorted resampled figures, rising */
function accelerated(
  sorted: Float64Array,
  estimate: number,
  acceleration: number,
  level: number,
): [low: number, high: number] | null {
  if (sorted.length === 0 || sorted[0] === sorted.at(-1)) return null;
  let below = 0;
  let same = 0;
  for (const value of sorted) {
    if (value < estimate) below++;
    else if (value === estimate) same++;
  }
  // Of resamples that hit the estimate exactly, as shares of few things do, half lie on either side.
  const share = (below + same / 2) / sorted.length;
  const edge = 0.5 / sorted.length;
  const bias = probit(Math.min(1 - edge, Math.max(edge, share)));
  const end = (side: number) => {
    const z = bias + probit((1 + side * level) / 2);
    return quantile(sorted, normal(bias + z / (1 - acceleration * z)));
  };
  return [end(-1), end(1)];
}

/** Σ d³ / 6 (Σ d²)^1.5 of what each thing that is left out takes from the figure. */
function jackknife(
  counts: readonly number[],
  figuresAt: (counts: Float64Array) => ArrayLike<number> | null,
  figures: number,
): number[] {
  const now = Float64Array.from(counts);
  const without: { count: number; figures: number[] }[] = [];
  counts.forEach((count, kind) => {
    if (count === 0) return;
    now[kind]! -= 1;
    const left = figuresAt(now);
    now[kind]! += 1;
    if (left) without.push({ count, figures: Array.from(left) });
  });
  const things = without.reduce((sum, { count }) => sum + count, 0);
  return Array.from({ length: figures }, (_, i) => {
    const mean = without.reduce((sum, one) => sum + one.count * one.figures[i]!, 0) / things;
    const moment = (power: number) =>
      without.reduce((sum, one) => sum + one.count * (mean - one.figures[i]!) ** power, 0);
    const squares = moment(2);
    return squares > 0 ? moment(3) / (6 * squares ** 1.5) : 0;
  });
}

/** Standard normal distribution function. */
const normal = (z: number): number => erfc(-z / Math.SQRT2) / 2;

/** Its inverse, to the last digits, by halving: it is asked for a few times an interval. */
function probit(p: number): number {
  let [low, high] = [-40, 40];
  for (let i = 0; i < 70; i++) {
    const middle = (low + high) / 2;
    if (normal(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
