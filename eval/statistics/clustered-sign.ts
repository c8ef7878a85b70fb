import erfc from '@stdlib/math-base-special-erfc';
import { exactP } from './mcnemar';

/** Steps of the exact computation beyond which the normal form takes its place. */
const mostSteps = 2e8;

/**
 * McNemar's test where an item has several samples, such as four pictures of one prompt, which hang together: between
 * equally good runs the sign of each item's difference is a fair coin. With one sample an item it is McNemar's exact
 * test. Source: Fisher's randomisation test for pairs (1935) on the items' differences; where there are very many, the
 * χ² form (Σ d)² / Σ d² of Durkalski et al. 2003, "Analysis of clustered matched-pair data".
 * @param differences of each item: samples that only the second run has right minus those that only the first has
 *   right; whole numbers
 * @returns two-sided p, 0 to 1
 * @throws RangeError for a difference that is no whole number
 */
export function clusteredSignP(differences: readonly number[]): number {
  const wrong = differences.find((d) => !Number.isInteger(d));
  if (wrong !== undefined) throw new RangeError(`${wrong} is not a number of samples.`);
  const sizes = differences.filter((d) => d !== 0).map(Math.abs);
  const observed = Math.abs(differences.reduce((sum, d) => sum + d, 0));
  if (observed === 0) return 1;
  if (sizes.every((size) => size === sizes[0]))
    return exactP(differences.filter((d) => d > 0).length, differences.filter((d) => d < 0).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length * total * 2 > mostSteps) {
    const squares = sizes.reduce((sum, size) => sum + size * size, 0);
    return erfc(observed / Math.sqrt(2 * squares));
  }
  return shareAtLeast(sizes, total, observed);
}

/** The share of all choices of signs whose sum is at least so far from 0. */
function shareAtLeast(sizes: readonly number[], total: number, observed: number): number {
  // Sums run from −total to total; `reach` is how far from 0 they can be yet.
  let chances = new Float64Array(2 * total + 1);
  chances[total] = 1;
  let reach = 0;
  for (const size of sizes) {
    const next = new Float64Array(chances.length);
    for (let sum = -reach; sum <= reach; sum++) {
      const half = chances[total + sum]! / 2;
      if (half === 0) continue;
      next[total + sum + size]! += half;
      next[total + sum - size]! += half;
    }
    chances = next;
    reach += size;
  }
  let tail = 0;
  for (let sum = observed; sum <= total; sum++) tail += chances[total + sum]!;
  return Math.min(1, 2 * tail);
}
