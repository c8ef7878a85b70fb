/**
 * McNemar's test: whether two runs on the same items are right equally often. Only items that one run has right and
 * the other wrong say anything.
 * Source: McNemar 1947; the exact form is the two-sided sign test, the other Edwards' continuity correction (1948).
 */

export interface McNemar {
  /** Items that only the second run has right. */
  gained: number;
  /** Items that only the first run has right. */
  lost: number;
  /** Probability of a difference of this size or more between equally good runs, 0 to 1. */
  p: number;
}

/** Compares two runs. @throws RangeError when they are not on the same number of items */
export function compareRuns(first: readonly boolean[], second: readonly boolean[]): McNemar {
  if (first.length !== second.length)
    throw new RangeError(`The runs have ${first.length} and ${second.length} items.`);
  const gained = first.filter((right, i) => !right && second[i]).length;
  const lost = first.filter((right, i) => right && !second[i]).length;
  return { gained, lost, p: exactP(gained, lost) };
}

/** min(1, 2 · P(X ≤ min(gained, lost))) of a fair coin thrown gained + lost times. */
export function exactP(gained: number, lost: number): number {
  const n = gained + lost;
  // Terms as logarithms: 0.5^n is 0 in 64 bits from n = 1075 on.
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= Math.min(gained, lost); k++) {
    logTerm += Math.log((n - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}

/** The χ² form with continuity correction, (|gained − lost| − 1)² / (gained + lost) at one degree of freedom. */
export function continuityP(gained: number, lost: number): number {
  const n = gained + lost;
  if (n === 0) return 1;
  const statistic = Math.max(0, Math.abs(gained - lost) - 1) ** 2 / n;
  return complementaryError(Math.sqrt(statistic / 2));
}

/** erfc(x) for x ≥ 0: the series of erf near 0, else Laplace's continued fraction, from the inside out. */
function complementaryError(x: number): number {
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2.5) {
    let term = 2 * x;
    let sum = term;
    for (let k = 1; term > sum * 1e-17; k++) {
      term *= (2 * x * x) / (2 * k + 1);
      sum += term;
    }
    return 1 - scale * sum;
  }
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return scale / fraction;
}
