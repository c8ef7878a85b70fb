import { clusteredMean, reach, type Estimate, type Uncertainty } from './mean';

/** How many are right. */
export interface Share {
  correct: number;
  n: number;
  /** correct / n, in [0, 1]; 0 for none, as the official scripts print it. */
  accuracy: number;
}

export function shareOf(verdicts: readonly boolean[]): Share {
  const correct = verdicts.filter((right) => right).length;
  return { correct, n: verdicts.length, accuracy: verdicts.length === 0 ? 0 : correct / verdicts.length };
}

/**
 * The share of right ones as an estimate. Its interval is Wilson's, which stays uncertain where all are right or all
 * wrong, for as many independent verdicts as the clustered standard error is worth: p (1 − p) / error², at most one for
 * each verdict; one for each cluster where they all agree.
 * Source: Wilson 1927; Kish 1965 and Dean and Pagano 2015 for the effective number.
 * @param clusters verdicts that are correlated stand together
 */
export function shareEstimate(clusters: Iterable<readonly boolean[]>): Estimate {
  const numbers = [...clusters]
    .filter((verdicts) => verdicts.length > 0)
    .map((verdicts) => verdicts.map((right) => (right ? 1 : 0)));
  const estimate = clusteredMean(numbers);
  const { n, mean, standardError } = estimate;
  if (mean === null || standardError === null) return estimate;
  const groups = numbers.length;
  const variance = (standardError ** 2 * (groups - 1)) / groups;
  const worth = variance === 0 ? groups : Math.min(n, (mean * (1 - mean)) / variance);
  return { ...estimate, interval: wilson(mean, worth) };
}

function wilson(share: number, n: number): readonly [low: number, high: number] {
  const square = reach ** 2;
  const centre = (share + square / (2 * n)) / (1 + square / n);
  const half = (reach / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  // At the edge both are exact but for rounding.
  return [share === 0 ? 0 : centre - half, share === 1 ? 1 : centre + half];
}

/** The same of verdicts that do not hang together. */
export function shareUncertainty(verdicts: readonly boolean[]): Uncertainty {
  return uncertaintyOf(shareEstimate(verdicts.map((right) => [right])));
}

export const uncertaintyOf = ({ standardError, interval }: Estimate): Uncertainty => ({
  standardError,
  interval,
});
