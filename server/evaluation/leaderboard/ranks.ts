// Not from the index, whose bootstrap brings the model's runtime into the web server.
import { holm, letterGroups } from '../../../eval/statistics/letters';

/** Places and groups of the rows of one board. */

/** How many of a board's rows are tested, the best ones: n (n − 1) / 2 tests, which Holm's correction has to bear. */
export const mostTested = 20;
export const level = 0.05;

export interface Ranked {
  id: string;
  /** The main figure. */
  value: number;
}

/** Of a pair of rows: p of no difference, null where it could not be tested; undefined where it is not computed yet. */
export type PairP = (first: string, second: string) => number | null | undefined;

export interface Placing {
  /** From 1. */
  rank: number;
  /** Letters; empty where nothing was tested. */
  groups: string;
}

export interface Placings {
  of: Map<string, Placing>;
  /** Rows that are tested. */
  tested: string[];
  pairs: number;
  pending: number;
}

/** Best first; of equal ones by id, so that the order does not change by itself. */
export const bestFirst = <Row extends Ranked>(rows: readonly Row[], better: 'higher' | 'lower'): Row[] =>
  [...rows].sort(
    (a, b) =>
      (better === 'higher' ? b.value - a.value : a.value - b.value) ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );

/**
 * Places of a board's complete rows by the figure. Those that share a letter with a better row, because the two do not
 * differ significantly, have the place of the best such row. While tests are missing nothing is grouped.
 */
export function placeRows(rows: readonly Ranked[], better: 'higher' | 'lower', pairP: PairP): Placings {
  const sorted = bestFirst(rows, better);
  const places = sorted.map(({ value }) => 1 + sorted.findIndex((other) => other.value === value));
  const tested = sorted.slice(0, mostTested);
  const pairs = tested.flatMap((first, i) =>
    tested.slice(i + 1).map((second, k) => ({ i, j: i + 1 + k, p: pairP(first.id, second.id) })),
  );
  const pending = pairs.filter(({ p }) => p === undefined).length;
  const letters = pending === 0 ? lettersOf(tested.length, pairs as Pair[]) : tested.map(() => '');
  const of = new Map<string, Placing>();
  sorted.forEach(({ id }, i) => {
    const groups = letters[i] ?? '';
    const best =
      groups === '' ? i : letters.findIndex((other) => [...other].some((one) => groups.includes(one)));
    of.set(id, { rank: Math.min(places[i]!, places[best]!), groups });
  });
  return { of, tested: tested.map(({ id }) => id), pairs: pairs.length, pending };
}

interface Pair {
  i: number;
  j: number;
  p: number | null;
}

/** A row that could be tested against none of the others (its samples are not here) has no letter. */
function lettersOf(n: number, pairs: readonly Pair[]): string[] {
  const known = pairs.filter(({ p }) => p !== null);
  const rows = [...new Set(known.flatMap(({ i, j }) => [i, j]))].sort((a, b) => a - b);
  const adjusted = holm(known.map(({ p }) => p!));
  const place = new Map(rows.map((row, k) => [row, k]));
  const differs = rows.map(() => rows.map(() => false));
  known.forEach(({ i, j }, k) => {
    const [a, b] = [place.get(i)!, place.get(j)!];
    differs[a]![b] = differs[b]![a] = adjusted[k]! < level;
  });
  const letters = letterGroups(differs);
  return Array.from({ length: n }, (_, row) => letters[place.get(row) ?? -1] ?? '');
}
