import { equalInterval, wilson } from './equal';
import { clusteredMean, type Estimate, type Uncertainty } from './mean';

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
 * each verdict; one for each cluster where they all agree. A single cluster, of which nobody knows how far its verdicts hang
 * together, is worth one; where all of it is right or wrong the interval is the exact one of Clopper and Pearson.
 * Source: Wilson 1927; Clopper and Pearson 1934; Kish 1965 and Dean and Pagano 2015 for the effective number.
 * @param clusters verdicts that are correlated stand together
 * @returns no standard error for fewer than two clusters, and an interval from the first verdict on
 */
export function shareEstimate(clusters: Iterable<readonly boolean[]>): Estimate {
  const numbers = [...clusters]
    .filter((verdicts) => verdicts.length > 0)
    .map((verdicts) => verdicts.map((right) => (right ? 1 : 0)));
  const estimate = clusteredMean(numbers);
  const { n, mean, standardError } = estimate;
  if (mean === null) return estimate;
  if (standardError === null) {
    const sure = mean === 0 || mean === 1;
    return { ...estimate, interval: sure ? equalInterval(mean, 1, [0, 1]) : wilson(mean, 1) };
  }
  const groups = numbers.length;
  const variance = (standardError ** 2 * (groups - 1)) / groups;
  const worth = variance === 0 ? groups : Math.min(n, (mean * (1 - mean)) / variance);
  return { ...estimate, interval: wilson(mean, worth) };
}

/** The same of verdicts that do not hang together. */
export function shareUncertainty(verdicts: readonly boolean[]): Uncertainty {
  return uncertaintyOf(shareEstimate(verdicts.map((right) => [right])));
}

export const uncertaintyOf = ({ standardError, interval }: Estimate): Uncertainty => ({
  standardError,
  interval,
});
