import { describe, expect, it } from 'vitest';
import { clusteredMean, meanOf, meanOfEstimates, shareEstimate, shareOf } from '.';

describe('a mean', () => {
  it('has the standard error s / √n and a normal interval', () => {
    expect(meanOf([1, 2, 3, 4])).toEqual({
      n: 4,
      mean: 2.5,
      standardError: expect.closeTo(0.6454972, 7),
      interval: [expect.closeTo(2.5 - 1.2651513, 6), expect.closeTo(2.5 + 1.2651513, 6)],
    });
  });

  it('of too few values has none', () => {
    expect(meanOf([])).toEqual({ n: 0, mean: null, standardError: null, interval: null });
    expect(meanOf([3])).toEqual({ n: 1, mean: 3, standardError: null, interval: null });
    expect(clusteredMean([[1, 0]])).toMatchObject({ mean: 0.5, standardError: null, interval: null });
    expect(clusteredMean([[]])).toEqual(meanOf([]));
  });

  it('of clusters that agree within themselves is as uncertain as one value a cluster', () => {
    const four = (value: number) => [value, value, value, value];
    const { n, ...clustered } = clusteredMean([four(1), four(0), four(1)]);
    expect(n).toBe(12);
    expect({ n: 3, ...clustered }).toEqual(meanOf([1, 0, 1]));
    expect(meanOf([...four(1), ...four(0), ...four(1)]).standardError).toBeLessThan(clustered.standardError!);
  });

  it('of means adds their variances', () => {
    const one = meanOf([1, 0]);
    const { n, mean, standardError } = meanOfEstimates([one, one, meanOf([])]);
    expect([n, mean]).toEqual([4, 0.5]);
    expect(standardError).toBeCloseTo(one.standardError! / Math.SQRT2, 12);
    expect(meanOfEstimates([one, meanOf([1])])).toMatchObject({ mean: 0.75, standardError: null });
    expect(meanOfEstimates([])).toEqual(meanOf([]));
  });
});

describe('a share', () => {
  const verdicts = [true, false, true, true];

  it('counts what is right; of nothing it is 0', () => {
    expect(shareOf(verdicts)).toEqual({ correct: 3, n: 4, accuracy: 0.75 });
    expect(shareOf([])).toEqual({ correct: 0, n: 0, accuracy: 0 });
  });

  // scipy.stats.binomtest(right, n).proportion_ci(method='wilson')
  it.each([
    [3, 4, 0.300642, 0.954413],
    [0, 10, 0, 0.277533],
    [10, 10, 0.722467, 1],
    [330, 900, 0.335812, 0.398655],
  ])('%i of %i has the interval of Wilson', (right, n, low, high) => {
    const { interval } = shareEstimate(Array.from({ length: n }, (_, i) => [i < right]));
    expect(interval).toEqual([expect.closeTo(low, 5), expect.closeTo(high, 5)]);
  });

  it('of clusters that agree within themselves is as uncertain as one verdict a cluster', () => {
    const four = (right: boolean) => [right, right, right, right];
    const alone = shareEstimate(verdicts.map((right) => [right]));
    expect(shareEstimate(verdicts.map(four)).interval).toEqual(
      alone.interval!.map((x) => expect.closeTo(x, 12)),
    );
    expect(shareEstimate(Array(10).fill(four(true))).interval).toEqual([expect.closeTo(0.722467, 5), 1]);
  });

  it('of which the mean is taken stays uncertain at the edge', () => {
    const all = shareEstimate(Array(10).fill([true]));
    const { mean, standardError, interval } = meanOfEstimates([all, all, all, all]);
    expect([mean, standardError]).toEqual([1, 0]);
    expect(interval).toEqual([expect.closeTo(1 - (1 - 0.722467) / 2, 5), 1]);
  });
});
