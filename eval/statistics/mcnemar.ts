/**
 * McNemar's test: whether two runs on the same items are right equally often. Only items that one run has right and
 * the other wrong say anything.
 * Source: McNemar 1947; the exact form is the two-sided sign test, the other Edwards' continuity correction (1948).
 */
import erfc from '@stdlib/math-base-special-erfc';
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import { significance, type Verdict } from './verdict';

export interface McNemar {
  /** Items that only the second run has right. */
  gained: number;
  /** Items that only the first run has right. */
  lost: number;
  /** Probability of a difference of this size or more between equally good runs, 0 to 1. */
  p: number;
  /** Of the second run against the first: a tie where p ≥ 0.05. */
  verdict: Verdict;
}

/** Compares two runs. @throws RangeError when they are not on the same number of items */
export function compareRuns(first: readonly boolean[], second: readonly boolean[]): McNemar {
  if (first.length !== second.length)
    throw new RangeError(`The runs have ${first.length} and ${second.length} items.`);
  const gained = first.filter((right, i) => !right && second[i]).length;
  const lost = first.filter((right, i) => right && !second[i]).length;
  const p = exactP(gained, lost);
  const verdict = p >= significance ? 'tie' : gained > lost ? 'better' : 'worse';
  return { gained, lost, p, verdict };
}

/** min(1, 2 · P(X ≤ min(gained, lost))) of a fair coin thrown gained + lost times. */
export function exactP(gained: number, lost: number): number {
  return Math.min(1, 2 * binomialCdf(Math.min(gained, lost), gained + lost, 0.5));
}

/** The χ² form with continuity correction, (|gained − lost| − 1)² / (gained + lost) at one degree of freedom. */
export function continuityP(gained: number, lost: number): number {
  const n = gained + lost;
  if (n === 0) return 1;
  const statistic = Math.max(0, Math.abs(gained - lost) - 1) ** 2 / n;
  // The upper tail of χ² at one degree of freedom.
  return erfc(Math.sqrt(statistic / 2));
}
