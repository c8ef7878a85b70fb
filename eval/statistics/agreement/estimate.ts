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
 * Measured coverage of 95 % intervals is 93 to 97 % from 50 units on, and little else at 20 (README.md). Where one value
 * makes up nearly everything there is none, or one that is too narrow.
 */
export function agreementEstimate(
  coefficient: Coefficient,
  options: ResamplingOptions = {},
): AgreementEstimate {
  return agreementEstimates([coefficient], options)[0]!;
}

/**
 * Several coefficients of the same units, in the time of one: they share their resamples.
 * @throws RangeError for coefficients of different units
 */
export function agreementEstimates(
  coefficients: readonly Coefficient[],
  options: ResamplingOptions = {},
): AgreementEstimate[] {
  const defined = coefficients.filter((one) => one.undefined === null);
  const weights = defined[0]?.weights ?? [];
  if (defined.some((one) => one.weights.join() !== weights.join()))
    throw new RangeError('The coefficients are of different units.');
  const { intervals, withoutValue } = resampledIntervals(
    weights,
    (counts) => {
      const values = defined.map(({ at }) => at(counts));
      return values.some(Number.isNaN) ? null : values;
    },
    options,
  );
  return coefficients.map((coefficient) => {
    if (coefficient.undefined)
      return { value: null, undefined: coefficient.undefined, interval: null, undefinedResamples: 0 };
    return {
      value: coefficient.at(coefficient.weights),
      undefined: null,
      interval: intervals[defined.indexOf(coefficient)] ?? null,
      undefinedResamples: withoutValue,
    };
  });
}
