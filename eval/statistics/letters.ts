/** Which of several results differ: several tests corrected together, and letters that show their outcome. */

/**
 * Holm's correction of several p-values, which keeps the chance of any false finding below the level; unlike
 * Bonferroni's it is never weaker and needs no independence.
 * Source: Holm 1979, "A simple sequentially rejective multiple test procedure"; in the form of adjusted p-values,
 * max over the smaller ones of (m − rank + 1) · p, at most 1.
 * @param values each 0 to 1
 * @returns the adjusted values in the order of `values`, to be compared with the level itself
 * @throws RangeError for a value outside 0 to 1
 */
export function holm(values: readonly number[]): number[] {
  const wrong = values.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new RangeError(`${wrong} is not a p-value`);
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const adjusted = values.slice();
  let least = 0;
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, (values.length - rank) * values[index]!));
    adjusted[index] = least;
  });
  return adjusted;
}

/**
 * The compact letter display: two results share a letter exactly where they do not differ significantly. The first
 * result has an `a`; after z come A to Z and further letters of Latin script.
 * Source: Piepho 2004, "An Algorithm for a Letter-Based Representation of All-Pairwise Comparisons" (insert and
 * absorb). Every letter is a largest set of results of which no two differ, so none can be left out for another.
 * @param differs `differs[i][j]`: whether result i differs from result j; symmetric, results ordered best first
 * @returns the letters of each result, in alphabetical order, e.g. `['a', 'ab', 'b']`; at least one letter each
 * @throws RangeError for a matrix that is not square and symmetric with false on its diagonal, or that needs more
 *   than 388 letters
 */
export function letterGroups(differs: readonly (readonly boolean[])[]): string[] {
  check(differs);
  const n = differs.length;
  if (n === 0) return [];
  let groups: ReadonlySet<number>[] = [new Set(differs.keys())];
  for (let first = 0; first < n; first++)
    for (let second = first + 1; second < n; second++)
      if (differs[first]![second]) groups = insert(groups, first, second);
  const members = groups.map((group) => [...group].sort((a, b) => a - b)).sort(byMembers);
  if (members.length > alphabet.length)
    throw new RangeError(`${members.length} groups are more than there are letters.`);
  return Array.from(differs.keys(), (result) =>
    members.map((group, i) => (group.includes(result) ? alphabet[i] : '')).join(''),
  );
}

/** Splits every group that holds both; a half that another group holds already is absorbed. */
function insert(
  groups: readonly ReadonlySet<number>[],
  first: number,
  second: number,
): ReadonlySet<number>[] {
  const both = (group: ReadonlySet<number>) => group.has(first) && group.has(second);
  const kept = groups.filter((group) => !both(group));
  for (const group of groups.filter(both))
    for (const out of [first, second]) {
      const half = [...group].filter((one) => one !== out);
      if (!kept.some((other) => half.every((one) => other.has(one)))) kept.push(new Set(half));
    }
  return kept;
}

/** Groups with better results come first. */
function byMembers(one: readonly number[], other: readonly number[]): number {
  for (let i = 0; i < Math.min(one.length, other.length); i++)
    if (one[i] !== other[i]) return one[i]! - other[i]!;
  return one.length - other.length;
}

/** a to z, A to Z, then U+0100 to U+024F, which are letters all. */
const alphabet = [
  ...Array.from({ length: 26 }, (_, i) => String.fromCodePoint(0x61 + i)),
  ...Array.from({ length: 26 }, (_, i) => String.fromCodePoint(0x41 + i)),
  ...Array.from({ length: 336 }, (_, i) => String.fromCodePoint(0x100 + i)),
];

function check(differs: readonly (readonly boolean[])[]): void {
  const fits = differs.every(
    (row, i) => row.length === differs.length && !row[i] && row.every((value, j) => value === differs[j]![i]),
  );
  if (!fits) throw new RangeError('The matrix is not square and symmetric with false on its diagonal.');
}
