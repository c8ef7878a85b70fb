/**
 * Spearman's rank correlation: Pearson's of ranks, equal values sharing the mean of theirs.
 * Source: Spearman 1904; with ties Kendall 1948, "Rank Correlation Methods", chapter 3.
 * @returns −1 to 1; null for fewer than two pairs, or where one side is always the same
 * @throws RangeError when the sides are not equally long, or for NaN
 */
export function spearman(first: readonly number[], second: readonly number[]): number | null {
  if (first.length !== second.length)
    throw new RangeError(`The sides have ${first.length} and ${second.length} values.`);
  if ([...first, ...second].some(Number.isNaN)) throw new RangeError('NaN has no rank.');
  const mean = (first.length - 1) / 2;
  const a = ranks(first).map((rank) => rank - mean);
  const b = ranks(second).map((rank) => rank - mean);
  const sum = (one: readonly number[], other: readonly number[]) =>
    one.reduce((total, value, i) => total + value * other[i]!, 0);
  const scale = Math.sqrt(sum(a, a) * sum(b, b));
  return scale === 0 ? null : Math.max(-1, Math.min(1, sum(a, b) / scale));
}

/** From 0. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranked = values.slice();
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end++;
    for (let i = start; i <= end; i++) ranked[order[i]!] = (start + end) / 2;
    start = end + 1;
  }
  return ranked;
}
