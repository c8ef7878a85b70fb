import { resampledIntervals, type ResamplingOptions } from '../resampling';
import type { Coefficient, Undefined } from './coefficients';

export interface AgreementEstimate {
  /** Null where it is undefined. */
  value: number | null;
  undefined: Undefined | null;
  /**
   * Null where there is no value, where agreement is perfect (which resamples of itself cannot doubt), or where more
   * than 1 − level of the resamples were undefined.
   */
  interval: readonly [low: number, high: number] | null;
  /** Resamples in which everybody always said the same. */
  undefinedResamples: number;
}

/**
 * A coefficient of agreement with its bootstrap interval; units are drawn with all of their ratings.
 * Measured coverage of 95 % intervals is 93 to 97 % from 50 units on (README.md); below that, or where one value makes
 * up nearly everything, intervals are too narrow.
 */
export function agreementEstimate(
  coefficient: Coefficient,
  options: ResamplingOptions = {},
): AgreementEstimate {
  if (coefficient.undefined)
    return { value: null, undefined: coefficient.undefined, interval: null, undefinedResamples: 0 };
  const { weights, at } = coefficient;
  const { intervals, withoutValue } = resampledIntervals(
    weights,
    (counts) => {
      const value = at(counts);
      return Number.isNaN(value) ? null : [value];
    },
    options,
  );
  return {
    value: at(weights),
    undefined: null,
    interval: intervals[0] ?? null,
    undefinedResamples: withoutValue,
  };
}
