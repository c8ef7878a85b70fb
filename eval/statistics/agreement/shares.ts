import { paired } from './coefficients';
import type { Units, Value } from './units';

/** Shares of single values, for where coefficients beyond chance say little. */

export interface ValueShare<V extends Value = Value> {
  value: V;
  /** 0 to 1. */
  share: number;
}

/** How often each value was given, over units that were rated twice or more, rising by value. */
function tally<V extends Value>(units: Units<V>, of: (times: number, ratings: number) => number): number[] {
  const sums = units.values.map(() => 0);
  units.patterns.forEach(({ counts, ratings }, i) => {
    for (const [value, times] of counts) sums[value]! += units.weights[i]! * of(times, ratings);
  });
  return sums;
}

/**
 * Specific agreement: of each value, the share of the other ratings of a unit that give it too, where one rating does.
 * With two raters and two values it is positive agreement, 2a / (2a + b + c), and negative agreement. Unlike kappa it
 * does not fall with a value's prevalence. Values that were given to no unit with two ratings are left out.
 * Source: Cicchetti and Feinstein 1990, "High agreement but low kappa: II"; for several raters Fleiss, Levin and Paik
 * 2003, "Statistical Methods for Rates and Proportions", 18.3.
 */
export function specificAgreement<V extends Value>(all: Units<V>): ValueShare<V>[] {
  const units = paired(all);
  const same = tally(units, (times) => times * (times - 1));
  const chances = tally(units, (times, ratings) => times * (ratings - 1));
  return units.values.flatMap((value, i) =>
    chances[i]! > 0 ? { value, share: same[i]! / chances[i]! } : [],
  );
}

/**
 * The value that makes up more than a share of all ratings, over units that were rated twice or more.
 * @param above 0.5 or more, so that there is one at most
 * @returns null where there is none
 */
export function prevalentValue<V extends Value>(all: Units<V>, above: number): ValueShare<V> | null {
  const units = paired(all);
  const given = tally(units, (times) => times);
  const ratings = given.reduce((sum, n) => sum + n, 0);
  const place = given.findIndex((n) => n > above * ratings);
  return place < 0 ? null : { value: units.values[place]!, share: given[place]! / ratings };
}
