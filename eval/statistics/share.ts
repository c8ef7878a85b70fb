import { clusteredMean, type Estimate, type Range, type Uncertainty } from './mean';

/** How many are right. */
export interface Share {
  correct: number;
  n: number;
  /** correct / n, in [0, 1]; 0 for none, as the official scripts print it. */
  accuracy: number;
}

/** What shares can be. */
export const zeroToOne: Range = [0, 1];

export function shareOf(verdicts: readonly boolean[]): Share {
  const correct = verdicts.filter((right) => right).length;
  return { correct, n: verdicts.length, accuracy: verdicts.length === 0 ? 0 : correct / verdicts.length };
}

/** The share of right ones as an estimate. @param clusters verdicts that are correlated stand together */
export function shareEstimate(clusters: Iterable<readonly boolean[]>): Estimate {
  return clusteredMean(
    [...clusters].map((verdicts) => verdicts.map((right) => (right ? 1 : 0))),
    zeroToOne,
  );
}

/** The same of verdicts that do not hang together. */
export function shareUncertainty(verdicts: readonly boolean[]): Uncertainty {
  return uncertaintyOf(shareEstimate(verdicts.map((right) => [right])));
}

export const uncertaintyOf = ({ standardError, interval }: Estimate): Uncertainty => ({
  standardError,
  interval,
});
