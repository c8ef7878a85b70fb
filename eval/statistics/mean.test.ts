import { describe, expect, it } from 'vitest';
import { clusteredMean, meanOfEstimates } from './mean';

describe('means', () => {
  it('of single values have the usual standard error', () => {
    const { mean, standardError, interval } = clusteredMean([[1], [0], [1], [1]])!;
    expect(mean).toBe(0.75);
    expect(standardError).toBeCloseTo(0.25, 12);
    expect(interval![0]).toBeCloseTo(0.75 - 0.489991, 6);
    expect(interval![1]).toBe(1);
  });

  it('of clusters that agree within themselves are as uncertain as one value a cluster', () => {
    const four = (value: number) => [value, value, value, value];
    expect(clusteredMean([four(1), four(0), four(1)])).toEqual(clusteredMean([[1], [0], [1]]));
  });

  it('of one cluster have no known error', () => {
    const one = { mean: 0.5, standardError: null, interval: null };
    expect(clusteredMean([[1, 0]])).toEqual(one);
    expect(meanOfEstimates([clusteredMean([[1], [1]])!, one])).toEqual({ ...one, mean: 0.75 });
  });

  it('of nothing are not known', () => {
    expect(clusteredMean([])).toBeNull();
    expect(clusteredMean([[]])).toBeNull();
    expect(meanOfEstimates([])).toBeNull();
  });

  it('of estimates add their variances', () => {
    const one = clusteredMean([[1], [0]])!;
    const { mean, standardError } = meanOfEstimates([one, one])!;
    expect(mean).toBe(0.5);
    expect(standardError).toBeCloseTo(one.standardError! / Math.SQRT2, 12);
  });
});
