import { xoshiro128 } from '../../models/runtime';
import type { Verdict } from './verdict';

export interface BootstrapOptions {
  /** The same seed gives the same interval. */
  seed?: number;
  resamples?: number;
  /** Share of the resampled means inside the interval, 0 to 1. */
  level?: number;
}

export const bootstrapDefaults = { seed: 42, resamples: 10_000, level: 0.95 } as const;

/**
 * The percentile interval of the mean: values are drawn with replacement, as many as there are; between two resampled
 * means it interpolates linearly. Source: Efron and Tibshirani 1993, chapter 13.
 * @returns null for fewer than two values
 */
export function bootstrapInterval(
  values: readonly number[],
  options: BootstrapOptions = {},
): [low: number, high: number] | null {
  const steps = resampling(values, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same, step by step, so that a server has time for others in between: what it returns at the end is the interval. */
export function* resampling(
  values: readonly number[],
  options: BootstrapOptions = {},
): Generator<undefined, [low: number, high: number] | null> {
  const { seed, resamples, level } = { ...bootstrapDefaults, ...options };
  const n = values.length;
  if (n < 2) return null;
  const next = xoshiro128(seed);
  const data = Float64Array.from(values);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += data[Math.floor((next() / 4294967296) * n)]!;
    means[r] = sum / n;
    yield undefined;
  }
  means.sort();
  return [quantile(means, (1 - level) / 2), quantile(means, (1 + level) / 2)];
}

/** @param sorted at least one value, rising */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (position - low) * (sorted[high]! - sorted[low]!);
}

export interface PairedOptions extends BootstrapOptions {
  /** Whether smaller values are better, as of an error. */
  lowerIsBetter?: boolean;
}

export interface PairedDifference {
  /** Mean of second − first, in the unit of the values; null for no items. */
  difference: number | null;
  /** Of the difference; null for fewer than two items. */
  interval: readonly [low: number, high: number] | null;
  /** Of the second run against the first: a tie where the interval holds 0, or is none. */
  verdict: Verdict;
}

/**
 * Compares the means of two runs on the same items: items are drawn with replacement, each with both of its values, so
 * that what makes an item easy or hard for both runs does not count as noise.
 * Source: Efron and Tibshirani 1993, chapters 13 and 16; for benchmarks Koehn 2004, "Statistical Significance Tests for
 * Machine Translation Evaluation".
 * @throws RangeError when the runs are not on the same number of items
 */
export function pairedBootstrap(
  first: readonly number[],
  second: readonly number[],
  { lowerIsBetter = false, ...options }: PairedOptions = {},
): PairedDifference {
  if (first.length !== second.length)
    throw new RangeError(`The runs have ${first.length} and ${second.length} items.`);
  const differences = first.map((value, i) => second[i]! - value);
  return pairedDifference(differences, bootstrapInterval(differences, options), lowerIsBetter);
}

/**
 * What a bootstrapped interval of differences says.
 * @param differences second − first of each item
 */
export function pairedDifference(
  differences: readonly number[],
  interval: readonly [low: number, high: number] | null,
  lowerIsBetter = false,
): PairedDifference {
  const sum = differences.reduce((total, one) => total + one, 0);
  const difference = differences.length === 0 ? null : sum / differences.length;
  const tie = interval === null || (interval[0] <= 0 && interval[1] >= 0);
  const verdict = tie ? 'tie' : interval[0] > 0 !== lowerIsBetter ? 'better' : 'worse';
  return { difference, interval, verdict };
}
