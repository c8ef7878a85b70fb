import { rising, type Units, type Value } from './units';

/**
 * Why a coefficient has no value:
 * - `no_overlap`: no unit was rated twice;
 * - `one_unit`: only one was, which tells nothing about chance;
 * - `constant`: everybody always said the same, so that agreement by chance would be complete as well;
 * - `unequal`: units have different numbers of ratings, which Fleiss' kappa has no place for.
 */
export type Undefined = 'no_overlap' | 'one_unit' | 'constant' | 'unequal';

export type Level = 'nominal' | 'ordinal' | 'interval';

/** A figure of patterns that is to be computed of many weights. */
export interface Coefficient {
  /** How many units of each pattern there are. */
  weights: readonly number[];
  /** Its value at these weights; NaN where it is undefined. */
  at: (weights: ArrayLike<number>) => number;
  /** Why it is undefined at its own weights; null where it is not. */
  undefined: Undefined | null;
}

/** Units that say something about agreement: those rated twice or more. */
export function paired<V extends Value>(units: Units<V>): Units<V> {
  const kept = units.patterns.flatMap(({ ratings }, i) => (ratings >= 2 ? i : []));
  return {
    values: units.values,
    patterns: kept.map((i) => units.patterns[i]!),
    weights: kept.map((i) => units.weights[i]!),
  };
}

/** Number of units and of ratings. */
export function sizeOf({ patterns, weights }: Units): { units: number; ratings: number } {
  let units = 0;
  let ratings = 0;
  patterns.forEach((pattern, i) => {
    units += weights[i]!;
    ratings += weights[i]! * pattern.ratings;
  });
  return { units, ratings };
}

function why(units: Units, { constant }: { constant: boolean }): Undefined | null {
  const { units: count } = sizeOf(units);
  if (count === 0) return 'no_overlap';
  if (constant && new Set(units.patterns.flatMap(({ counts }) => counts.map(([value]) => value))).size < 2)
    return 'constant';
  return count === 1 ? 'one_unit' : null;
}

/** Share of the pairs of ratings of one unit that are the same, 0 to 1; of all units together. */
export function percentAgreement(all: Units): Coefficient {
  const units = paired(all);
  const same = units.patterns.map(({ counts }) =>
    counts.reduce((sum, [, times]) => sum + times * (times - 1), 0),
  );
  const pairs = units.patterns.map(({ ratings }) => ratings * (ratings - 1));
  return {
    weights: units.weights,
    undefined: why(units, { constant: false }) === 'no_overlap' ? 'no_overlap' : null,
    at: (weights) => dot(weights, same) / dot(weights, pairs),
  };
}

/**
 * Fleiss' kappa: agreement of the same number of ratings of every unit, beyond what the shares of the values would give
 * by chance. Values are names only.
 * Source: Fleiss 1971, "Measuring nominal scale agreement among many raters".
 */
export function fleissKappa(units: Units): Coefficient {
  const { values, patterns, weights } = units;
  const ratings = patterns[0]?.ratings ?? 0;
  const same = patterns.map(({ counts }) => counts.reduce((sum, [, times]) => sum + times * (times - 1), 0));
  const totals = new Float64Array(values.length);
  const flat = flatten(units);
  const unequal = patterns.some((pattern) => pattern.ratings !== ratings);
  return {
    weights,
    undefined: unequal ? 'unequal' : ratings < 2 ? 'no_overlap' : why(units, { constant: true }),
    at: (now) => {
      const n = total(flat, now, totals);
      const observed = dot(now, same) / (n * (ratings - 1));
      const chance = dot(totals, totals) / (n * n);
      return isConstant(totals) ? Number.NaN : (observed - chance) / (1 - chance);
    },
  };
}

/**
 * Krippendorff's alpha, 1 − observed / expected disagreement, for any number of raters, any number of ratings of a unit,
 * and missing ones. Units rated once count nowhere.
 *
 * Computed from how often each value was given, not from pairs: the disagreement of all ordered pairs is n² − Σ n_v² of
 * names, and 2 n Σ n_v (x_v − x̄)² of figures. The ordinal distance of two values, (Σ n_g from c to k − (n_c + n_k) / 2)²,
 * is the squared difference of their mean ranks, so that ordinal alpha is interval alpha of mean ranks.
 * Source: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", sections D and E.
 * @throws RangeError for an order of values that are no numbers
 */
export function krippendorffAlpha(all: Units, level: Level): Coefficient {
  const units = paired(all);
  const { values, patterns, weights } = units;
  if (level !== 'nominal' && values.some((value) => typeof value !== 'number'))
    throw new RangeError(`Values of ${level} level are numbers.`);
  const flat = flatten(units);
  const totals = new Float64Array(values.length);
  const places = Float64Array.from(values, (value) => (level === 'interval' ? Number(value) : 0));
  const apart = new Float64Array(patterns.length);
  if (level === 'nominal') apartByName(flat, apart);
  else apartBy(places, flat, apart);
  return {
    weights,
    undefined: why(units, { constant: true }),
    at: (now) => {
      const n = total(flat, now, totals);
      if (isConstant(totals)) return Number.NaN;
      if (level === 'ordinal') {
        rank(totals, places);
        apartBy(places, flat, apart);
      }
      const expected = level === 'nominal' ? n * n - dot(totals, totals) : 2 * n * squares(places, totals, n);
      return 1 - ((n - 1) * dot(now, apart)) / expected;
    },
  };
}

/** The counts of all patterns, one pattern after the other: resamples read them thousands of times. */
interface Flat {
  /** Where each pattern starts, and where the last one ends. */
  starts: Int32Array;
  values: Int32Array;
  times: Float64Array;
  ratings: Float64Array;
}

function flatten({ patterns }: Units): Flat {
  const starts = new Int32Array(patterns.length + 1);
  patterns.forEach(({ counts }, i) => (starts[i + 1] = starts[i]! + counts.length));
  return {
    starts,
    values: Int32Array.from(patterns.flatMap(({ counts }) => counts.map(([value]) => value))),
    times: Float64Array.from(patterns.flatMap(({ counts }) => counts.map(([, times]) => times))),
    ratings: Float64Array.from(patterns, ({ ratings }) => ratings),
  };
}

/** Ordered pairs of different values, each weighing 1 / (ratings − 1), of every pattern. */
function apartByName({ starts, times, ratings }: Flat, apart: Float64Array): void {
  for (let i = 0; i < apart.length; i++) {
    let pairs = ratings[i]! * ratings[i]!;
    for (let c = starts[i]!; c < starts[i + 1]!; c++) pairs -= times[c]! * times[c]!;
    apart[i] = pairs / (ratings[i]! - 1);
  }
}

/** Squared differences of all ordered pairs, each weighing 1 / (ratings − 1), of every pattern. */
function apartBy(places: Float64Array, { starts, values, times, ratings }: Flat, apart: Float64Array): void {
  for (let i = 0; i < apart.length; i++) {
    let mean = 0;
    for (let c = starts[i]!; c < starts[i + 1]!; c++) mean += times[c]! * places[values[c]!]!;
    mean /= ratings[i]!;
    let sum = 0;
    for (let c = starts[i]!; c < starts[i + 1]!; c++) sum += times[c]! * (places[values[c]!]! - mean) ** 2;
    apart[i] = (2 * ratings[i]! * sum) / (ratings[i]! - 1);
  }
}

/** Σ totals · (place − mean)². */
function squares(places: Float64Array, totals: Float64Array, n: number): number {
  const mean = dot(totals, places) / n;
  let sum = 0;
  for (let v = 0; v < places.length; v++) sum += totals[v]! * (places[v]! - mean) ** 2;
  return sum;
}

/** Mean rank of every value. */
function rank(totals: Float64Array, places: Float64Array): void {
  let below = 0;
  for (let v = 0; v < totals.length; v++) {
    places[v] = below + totals[v]! / 2;
    below += totals[v]!;
  }
}

/** Sums up how often each value was given. @returns ratings in all */
function total({ starts, values, times }: Flat, weights: ArrayLike<number>, totals: Float64Array): number {
  totals.fill(0);
  let n = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    for (let c = starts[i]!; c < starts[i + 1]!; c++) {
      totals[values[c]!]! += weight * times[c]!;
      n += weight * times[c]!;
    }
  }
  return n;
}

function isConstant(totals: Float64Array): boolean {
  let different = 0;
  for (const count of totals) if (count > 0) different++;
  return different < 2;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/**
 * Cohen's kappa of two raters: agreement beyond what their own shares of the values would give by chance. Units that
 * one of them left out do not count. Values are names only.
 * Source: Cohen 1960, "A coefficient of agreement for nominal scales".
 * @throws RangeError when the raters are not on the same number of units
 */
export function cohenKappa<V extends Value>(
  first: readonly (V | null | undefined)[],
  second: readonly (V | null | undefined)[],
): Coefficient {
  if (first.length !== second.length)
    throw new RangeError(`The raters have ${first.length} and ${second.length} units.`);
  const both = first.flatMap((value, i) => {
    const other = second[i];
    return value === null || value === undefined || other === null || other === undefined
      ? []
      : [[value, other] as const];
  });
  const values = [...new Set(both.flat())].sort(rising);
  const places = new Map(values.map((value, place) => [value, place]));
  const kinds = new Map<number, number>();
  for (const [a, b] of both) {
    const kind = places.get(a)! * values.length + places.get(b)!;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const cells = [...kinds]
    .sort(([a], [b]) => a - b)
    .map(([kind, weight]) => ({ a: Math.floor(kind / values.length), b: kind % values.length, weight }));
  const weights = cells.map(({ weight }) => weight);
  const units = both.length;
  return {
    weights,
    undefined: units === 0 ? 'no_overlap' : values.length < 2 ? 'constant' : units === 1 ? 'one_unit' : null,
    at: (now) => kappaOf(cells, values.length, now),
  };
}

function kappaOf(
  cells: readonly { a: number; b: number }[],
  values: number,
  weights: ArrayLike<number>,
): number {
  const [rows, columns] = [new Float64Array(values), new Float64Array(values)];
  let n = 0;
  let same = 0;
  cells.forEach(({ a, b }, i) => {
    const weight = weights[i]!;
    n += weight;
    rows[a]! += weight;
    columns[b]! += weight;
    if (a === b) same += weight;
  });
  const chance = dot(rows, columns) / (n * n);
  // Both always said the same one thing.
  return chance === 1 ? Number.NaN : (same / n - chance) / (1 - chance);
}
