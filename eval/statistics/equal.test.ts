import { describe, expect, it } from 'vitest';
import { xoshiro128 } from '../../models/runtime';
import { bootstrapInterval, meanOfEstimates, pairedBootstrap, shareEstimate } from '.';

const holds = (interval: readonly [number, number] | null, truth: number) =>
  interval !== null && interval[0] <= truth && truth <= interval[1];

describe('values that are all the same', () => {
  it('have an interval that grows narrower with every further value', () => {
    const of = (n: number) => bootstrapInterval(Array<number>(n).fill(0.4), { range: [-1, 1] })!;
    expect(of(1)).toEqual([expect.closeTo(0.4 - 0.975 * 1.4, 10), expect.closeTo(0.4 + 0.975 * 0.6, 10)]);
    expect(of(16)).toEqual([
      expect.closeTo(0.4 - 0.205904 * 1.4, 5),
      expect.closeTo(0.4 + 0.205904 * 0.6, 5),
    ]);
    const widths = [1, 2, 8, 64, 1000].map((n) => of(n)[1] - of(n)[0]);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(bootstrapInterval([], { range: [0, 1] })).toBeNull();
  });

  it.each([2, 5, 16])(
    'of a population in which few differ, %i of them have an interval that holds its mean',
    (n) => {
      // The worst case: others are as far off as the range allows.
      for (const share of [0.001, 0.01, 0.05, 0.2, 0.5]) {
        const allSame = (1 - share) ** n;
        const interval = bootstrapInterval(Array<number>(n).fill(1), { range: [0, 1] });
        // Draws that hold others have intervals of their own; those that do not may miss in 2.5 of 100 draws at most.
        expect(holds(interval, 1 - share) || allSame <= 0.025).toBe(true);
      }
    },
  );

  it('have no interval in a comparison, and a few of them are no proof', () => {
    const from = (n: number) => pairedBootstrap(Array<number>(n).fill(1), Array<number>(n).fill(1.25));
    expect(from(2)).toEqual({ difference: 0.25, interval: null, p: 0.5, verdict: 'tie' });
    expect(from(5)).toMatchObject({ p: 0.0625, verdict: 'tie' });
    expect(from(6)).toMatchObject({ p: 0.03125, verdict: 'better' });
    expect(from(60)).toMatchObject({ p: 1 / 10_001, verdict: 'better' });
  });
});

describe('verdicts of one cluster', () => {
  it('have an interval, and so has a mean in which one stands', () => {
    const four = shareEstimate([[true, true, true, true]]);
    expect(four).toEqual({ n: 4, mean: 1, standardError: null, interval: [expect.closeTo(0.025, 10), 1] });
    expect(shareEstimate([[false]]).interval).toEqual([0, expect.closeTo(0.975, 10)]);
    expect(shareEstimate([[true, false]]).interval).toEqual([
      expect.closeTo(0.0546, 3),
      expect.closeTo(0.9454, 3),
    ]);
    const mean = meanOfEstimates([four, four, four, four]);
    expect([mean.n, mean.mean]).toEqual([16, 1]);
    expect(mean.interval![0]).toBeLessThan(0.7);
    expect(shareEstimate([]).interval).toBeNull();
  });

  it.each([0, 0.5, 1])('hold the truth 95 times of 100 where they hang together by %f', (together) => {
    const next = xoshiro128(7);
    const chance = () => next() / 4294967296;
    for (const truth of [0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97]) {
      let hits = 0;
      for (let trial = 0; trial < 2000; trial++) {
        const common = chance() < truth;
        const verdicts = Array.from({ length: 4 }, () => (chance() < together ? common : chance() < truth));
        if (holds(shareEstimate([verdicts]).interval, truth)) hits++;
      }
      expect(hits / 2000).toBeGreaterThanOrEqual(0.95);
    }
  });
});
