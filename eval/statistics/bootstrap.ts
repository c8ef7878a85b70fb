import { xoshiro128 } from '../../models/runtime';

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
 * means it interpolates linearly. For two runs on the same items pass the differences (paired bootstrap): an interval
 * that holds 0 is a tie. Source: Efron and Tibshirani 1993, chapter 13.
 * @returns null for fewer than two values
 */
export function bootstrapInterval(
  values: readonly number[],
  options: BootstrapOptions = {},
): [low: number, high: number] | null {
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
