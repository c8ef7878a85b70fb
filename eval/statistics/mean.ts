/** Means and how sure they are. */

export interface Estimate {
  /** How many values. */
  n: number;
  /** null for no values. */
  mean: number | null;
  /** Standard error of the mean; null for fewer than two values or clusters, which tell nothing about it. */
  standardError: number | null;
  /** 95 % interval of the mean; null where nothing is known of it. */
  interval: readonly [low: number, high: number] | null;
}

/** How sure an estimate is. */
export type Uncertainty = Pick<Estimate, 'standardError' | 'interval'>;

/** The half width of the 95 % interval in standard errors. */
export const reach = 1.959963984540054;

/** Normal approximation. */
function estimate(n: number, mean: number, standardError: number | null): Estimate {
  if (standardError === null) return { n, mean, standardError, interval: null };
  const half = reach * standardError;
  return { n, mean, standardError, interval: [mean - half, mean + half] };
}

/** The mean, and s / √n with the sample deviation s (n − 1). */
export function meanOf(values: readonly number[]): Estimate {
  return clusteredMean(values.map((value) => [value]));
}

/**
 * The mean of values that come in clusters, such as four images of one prompt: values of a cluster are correlated, so
 * their deviations are summed before they are squared, √(Σ_c (Σ_{i∈c} (x_i − x̄))² · G / (G − 1)) / n with G clusters.
 * Clusters of one value give the ordinary standard error. Source: Liang and Zeger 1986, with the correction for few
 * clusters; Miller 2024, "Adding Error Bars to Evals" (arXiv 2411.00640), section 2.2.
 * @param clusters the values of each; empty clusters do not count
 */
export function clusteredMean(clusters: Iterable<readonly number[]>): Estimate {
  const filled = [...clusters].filter((values) => values.length > 0);
  const values = filled.flat();
  const n = values.length;
  if (n === 0) return { n, mean: null, standardError: null, interval: null };
  const mean = sum(values) / n;
  const groups = filled.length;
  if (groups < 2) return estimate(n, mean, null);
  const squares = sum(filled.map((cluster) => sum(cluster.map((value) => value - mean)) ** 2));
  return estimate(n, mean, Math.sqrt((squares * groups) / (groups - 1)) / n);
}

/**
 * The mean of independent estimates, each weighing the same; those of no values do not count. The interval is put
 * together from theirs, so that one at the edge of what is possible stays uncertain: √(Σ (mean_i − low_i)²) / k below
 * the mean, and the same above. Source: Zou and Donner 2008, "Construction of confidence limits about effect measures"
 * (method of variance estimates recovery).
 */
export function meanOfEstimates(estimates: readonly Estimate[]): Estimate {
  const known = estimates.filter((one) => one.mean !== null);
  const n = sum(known.map((one) => one.n));
  const count = known.length;
  if (count === 0) return { n, mean: null, standardError: null, interval: null };
  const mean = sum(known.map((one) => one.mean!)) / count;
  const errors = known.flatMap(({ standardError }) => standardError ?? []);
  const reaches = known.flatMap(({ mean: own, interval }) =>
    interval ? [[own! - interval[0], interval[1] - own!] as const] : [],
  );
  const together = (side: 0 | 1) => Math.sqrt(sum(reaches.map((one) => one[side] ** 2))) / count;
  return {
    n,
    mean,
    standardError: errors.length < count ? null : Math.sqrt(sum(errors.map((error) => error ** 2))) / count,
    interval: reaches.length < count ? null : [mean - together(0), mean + together(1)],
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
