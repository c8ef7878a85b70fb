import { describe, expect, it } from 'vitest';
import { bootstrapInterval, compareRuns, continuityP, exactP, meanOf, pairedBootstrap } from '.';

describe('the bootstrap', () => {
  const values = Array.from({ length: 200 }, (_, i) => (i * 37) % 101);

  it('agrees with the normal interval for many values', () => {
    const { mean, standardError } = meanOf(values);
    const [low, high] = bootstrapInterval(values)!;
    expect(low).toBeCloseTo(mean! - 1.96 * standardError!, 0);
    expect(high).toBeCloseTo(mean! + 1.96 * standardError!, 0);
  });

  it('is the same for the same seed only', () => {
    expect(bootstrapInterval(values, { seed: 1 })).toEqual(bootstrapInterval(values, { seed: 1 }));
    expect(bootstrapInterval(values, { seed: 1 })).not.toEqual(bootstrapInterval(values, { seed: 2 }));
  });

  it('needs two values, and of equal ones gives a point', () => {
    expect(bootstrapInterval([1])).toBeNull();
    expect(bootstrapInterval([2, 2, 2])).toEqual([2, 2]);
  });
});

describe("McNemar's test", () => {
  it.each([
    // scipy.stats.binomtest(min, n, 0.5).pvalue
    [0, 0, 1],
    [1, 9, 0.021484375],
    [5, 5, 1],
    [3, 12, 0.03515625],
    [0, 6, 0.03125],
  ])('of %i gained and %i lost is exact', (gained, lost, p) => {
    expect(exactP(gained, lost)).toBeCloseTo(p, 12);
    expect(exactP(lost, gained)).toBeCloseTo(p, 12);
  });

  it.each([
    // Python's math.erfc(sqrt((|gained − lost| − 1)² / (gained + lost) / 2))
    [10, 10, 1],
    [59, 41, 0.0891309],
    [65, 35, 0.0037316],
    [0, 0, 1],
  ])('of %i and %i with correction', (gained, lost, p) => {
    expect(continuityP(gained, lost)).toBeCloseTo(p, 6);
  });

  it('works where 0.5^n is no number, and nears the corrected form', () => {
    expect(exactP(1000, 1100)).toBeCloseTo(continuityP(1000, 1100), 3);
  });

  it('counts items, not totals', () => {
    const result = compareRuns([true, true, false, false], [true, false, true, true]);
    expect(result).toEqual({ gained: 2, lost: 1, p: 1, verdict: 'tie' });
    expect(() => compareRuns([true], [])).toThrow(RangeError);
  });

  it('finds the second run better or worse only beyond the noise', () => {
    const runs = (gained: number, lost: number) =>
      compareRuns(
        [...Array<boolean>(gained).fill(false), ...Array<boolean>(lost).fill(true), true],
        [...Array<boolean>(gained).fill(true), ...Array<boolean>(lost).fill(false), true],
      );
    expect(runs(6, 0)).toEqual({ gained: 6, lost: 0, p: 0.03125, verdict: 'better' });
    expect(runs(0, 6).verdict).toBe('worse');
    expect(runs(5, 0)).toMatchObject({ p: 0.0625, verdict: 'tie' });
    expect(compareRuns([], [])).toEqual({ gained: 0, lost: 0, p: 1, verdict: 'tie' });
  });
});

describe('the paired bootstrap', () => {
  // Items differ by far more than the runs do.
  const first = Array.from({ length: 60 }, (_, i) => (i * 37) % 101);
  const second = first.map((value, i) => value + 1 + (i % 3));

  it('sees a small difference that every item shows', () => {
    const { difference, interval, verdict } = pairedBootstrap(first, second);
    expect(difference).toBeCloseTo(2, 12);
    expect(interval![0]).toBeGreaterThan(1.5);
    expect(interval![1]).toBeLessThan(2.5);
    expect(interval).toEqual(bootstrapInterval(second.map((value, i) => value - first[i]!)));
    expect(verdict).toBe('better');
    expect(pairedBootstrap(second, first).verdict).toBe('worse');
    expect(pairedBootstrap(first, second, { lowerIsBetter: true }).verdict).toBe('worse');
    expect(pairedBootstrap(second, first, { lowerIsBetter: true }).verdict).toBe('better');
  });

  it('calls a difference inside the noise a tie', () => {
    const noisy = first.map((value, i) => value + (i % 2 === 0 ? 9 : -8));
    expect(pairedBootstrap(first, noisy)).toMatchObject({ difference: 0.5, verdict: 'tie' });
    expect(pairedBootstrap(first, first)).toEqual({
      difference: 0,
      interval: [0, 0],
      p: 1,
      verdict: 'tie',
    });
  });

  it('has nearly the normal p-value for many items, and never 0', () => {
    // 2 · Φ(−difference · √n / s) with s² = Σ (d − difference)² / n.
    const noisy = first.map((value, i) => value + (((i * 29) % 41) - 17));
    expect(pairedBootstrap(first, noisy).p).toBeCloseTo(0.0715, 2);
    expect(pairedBootstrap(noisy, first).p).toBeCloseTo(0.0715, 2);
    expect(pairedBootstrap(first, second).p).toBe(1 / 10_001);
  });

  it('needs two items to say anything, and the same ones', () => {
    expect(pairedBootstrap([], [])).toEqual({ difference: null, interval: null, p: null, verdict: 'tie' });
    expect(pairedBootstrap([1], [3])).toEqual({ difference: 2, interval: null, p: null, verdict: 'tie' });
    expect(() => pairedBootstrap([1], [])).toThrow(RangeError);
  });
});
