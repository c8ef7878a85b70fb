/** What was said of units (items, texts, pictures) by several raters, as how often each value was given to each. */

export type Value = string | number;

/** One way in which units were rated. */
export interface Pattern {
  /** Places in `values` and how often that value was given. */
  counts: readonly (readonly [value: number, times: number])[];
  /** Values given in all. */
  ratings: number;
}

export interface Units<V extends Value = Value> {
  /** Different values, rising. */
  values: readonly V[];
  patterns: readonly Pattern[];
  /** How many units were rated in each of these ways. */
  weights: readonly number[];
}

/**
 * Counts the values of each unit. Who gave a value does not matter here, nor does the order of units, so that units
 * with the same values become one pattern: linear in the number of ratings.
 * @param ratings of each unit, the values that it was given; null, undefined and NaN are missing
 */
export function countValues<V extends Value>(ratings: Iterable<Iterable<V | null | undefined>>): Units<V> {
  const seen = new Map<V, number>();
  const given: number[][] = [];
  for (const unit of ratings) {
    const own: number[] = [];
    for (const value of unit) {
      if (value === null || value === undefined || Number.isNaN(value)) continue;
      const place = seen.get(value) ?? seen.size;
      seen.set(value, place);
      own.push(place);
    }
    given.push(own);
  }
  const values = [...seen.keys()].sort(rising);
  const places = new Map(values.map((value, place) => [seen.get(value)!, place]));
  const kinds = new Map<string, { own: number[]; weight: number }>();
  for (const unit of given) {
    const own = unit.map((place) => places.get(place)!).sort((a, b) => a - b);
    const key = own.join(' ');
    const kind = kinds.get(key);
    if (kind) kind.weight++;
    else kinds.set(key, { own, weight: 1 });
  }
  // In an order of their own, so that resamples of one seed are the same whatever the order of the units.
  const ordered = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
  return {
    values,
    patterns: ordered.map(({ own }) => patternOf(own)),
    weights: ordered.map(({ weight }) => weight),
  };
}

/** Numbers by size, texts by their code units. */
export function rising(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}

function patternOf(places: readonly number[]): Pattern {
  const counts = new Map<number, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  return { counts: [...counts], ratings: places.length };
}
