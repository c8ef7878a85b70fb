import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import { describe, expect, it } from 'vitest';
import { xoshiro128 } from '../../models/runtime';
import { binomial, drawKinds } from './draws';

describe('binomial numbers', () => {
  const draws = 40_000;

  // Means on both sides of 10, and shares on both sides of a half.
  it.each([
    [1, 0.3],
    [20, 0.1],
    [20, 0.9],
    [50, 0.5],
    [300, 0.07],
    [100_000, 0.4],
    [100_000, 0.00002],
  ])('of %i tries at %d come as often as they should', (n, p) => {
    const next = xoshiro128(n);
    const counts = new Map<number, number>();
    for (let i = 0; i < draws; i++) {
      const k = binomial(next, n, p);
      counts.set(k, (counts.get(k) ?? 0) + 1);
    }
    expect([...counts.keys()].every((k) => Number.isInteger(k) && k >= 0 && k <= n)).toBe(true);
    // The largest distance of the distribution functions, by Kolmogorov: 1.95 / √draws at a chance of 0.001.
    let [seen, furthest] = [0, 0];
    for (const k of [...counts.keys()].sort((a, b) => a - b)) {
      seen += counts.get(k)!;
      furthest = Math.max(furthest, Math.abs(seen / draws - binomialCdf(k, n, p)));
    }
    expect(furthest).toBeLessThan(1.95 / Math.sqrt(draws));
  });

  it('are sure where there is no chance', () => {
    const next = xoshiro128(1);
    expect([binomial(next, 0, 0.5), binomial(next, 9, 0), binomial(next, 9, 1)]).toEqual([0, 0, 9]);
  });
});

describe('a resample', () => {
  it('has as many things as there are, each kind in its share', () => {
    const next = xoshiro128(2);
    const counts = [5, 0, 40, 155];
    const drawn = new Float64Array(4);
    const sums = [0, 0, 0, 0];
    for (let r = 0; r < 4000; r++) {
      drawKinds(next, 200, counts, drawn);
      expect(drawn.reduce((sum, x) => sum + x, 0)).toBe(200);
      drawn.forEach((times, k) => (sums[k]! += times));
    }
    expect(sums.map((sum) => sum / 4000)).toEqual([
      expect.closeTo(5, 0),
      0,
      expect.closeTo(40, 0),
      expect.closeTo(155, 0),
    ]);
  });
});
