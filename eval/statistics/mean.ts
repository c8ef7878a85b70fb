/** Means with their uncertainty. */

export interface Estimate {
  mean: number;
  /** Standard error of the mean; null where a single cluster tells nothing about it. */
  standardError: number | null;
  /** 95 % interval by the normal approximation, cut to [0, 1]. */
  interval: [number, number] | null;
}

/** An estimate of a share in [0, 1] from its standard error. */
function estimate(mean: number, standardError: number | null): Estimate {
  if (standardError === null) return { mean, standardError, interval: null };
  const reach = 1.959963984540054 * standardError;
  return { mean, standardError, interval: [Math.max(0, mean - reach), Math.min(1, mean + reach)] };
}

/**
 * The mean of values that come in clusters (GenEval's four images of one prompt are correlated). The variance
 * is the cluster-robust one: the squared sums of each cluster's deviations over n², times G / (G − 1) for G
 * clusters (Liang and Zeger, 1986; Miller, arXiv 2411.00640). Clusters of one value give the usual standard
 * error of a mean.
 * @param clusters values in [0, 1]; empty clusters do not count
 * @returns null without any value
 */
export function clusteredMean(clusters: Iterable<readonly number[]>): Estimate | null {
  const filled = [...clusters].filter((values) => values.length > 0);
  const n = filled.reduce((sum, values) => sum + values.length, 0);
  if (n === 0) return null;
  const total = filled.reduce((sum, values) => sum + values.reduce((a, b) => a + b, 0), 0);
  const mean = total / n;
  const count = filled.length;
  const squares = filled.reduce(
    (sum, values) => sum + values.reduce((deviation, value) => deviation + value - mean, 0) ** 2,
    0,
  );
  const variance = ((count / (count - 1)) * squares) / n ** 2;
  return estimate(mean, count > 1 ? Math.sqrt(variance) : null);
}

/** The mean of independent estimates, each weighing the same. */
export function meanOfEstimates(estimates: readonly Estimate[]): Estimate | null {
  const count = estimates.length;
  if (count === 0) return null;
  const mean = estimates.reduce((sum, one) => sum + one.mean, 0) / count;
  let squares = 0;
  for (const { standardError } of estimates) {
    if (standardError === null) return estimate(mean, null);
    squares += standardError ** 2;
  }
  return estimate(mean, Math.sqrt(squares) / count);
}
