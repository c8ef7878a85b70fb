import { reach } from './mean';

/** Intervals where the values tell nothing of how much they vary: they are all the same, or of one cluster. */

/**
 * The 95 % interval of the mean of values that all came out the same: a share θ of the population may be otherwise as long
 * as seeing none of it n times is not rarer than 2.5 %, (1 − θ)ⁿ = 0.025, and then as far off as the range allows. Of
 * right and wrong it is the exact interval of Clopper and Pearson (1934).
 * @param n independent values, at least one
 * @param range the least and the greatest value that there can be
 */
export function equalInterval(
  value: number,
  n: number,
  [least, greatest]: readonly [number, number],
): readonly [low: number, high: number] {
  const other = 1 - 0.025 ** (1 / n);
  return [value - other * (value - least), value + other * (greatest - value)];
}

/** The 95 % interval of a share. Source: Wilson 1927. @param n how many independent verdicts the share is worth; need not be whole */
export function wilson(share: number, n: number): readonly [low: number, high: number] {
  const square = reach ** 2;
  const centre = (share + square / (2 * n)) / (1 + square / n);
  const half = (reach / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  // At the edge both are exact but for rounding.
  return [share === 0 ? 0 : centre - half, share === 1 ? 1 : centre + half];
}
