import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { xoshiro128 } from '../../../models/runtime';
import { rateModels, strengthsOf, strongGroups, type PairVote, type Points } from '.';

/** Of the package evalica: tests/vectors/agreement/make.py. */
const vectors = JSON.parse(
  readFileSync(new URL('../../../tests/vectors/agreement/vectors.json', import.meta.url), 'utf8'),
) as {
  ratings: { votes: [number, number, PairVote['outcome']][]; strengths: Record<string, number> }[];
};

const vote = (first: string, second: string, outcome: PairVote['outcome'] = 'first'): PairVote => ({
  first,
  second,
  outcome,
});
const times = (n: number, one: PairVote): PairVote[] => Array<PairVote>(n).fill(one);
const elo = (strength: number) => 1000 + (400 / Math.LN10) * strength;
const few = { resamples: 200 };

describe('Bradley–Terry ratings', () => {
  it.each(vectors.ratings.map(({ votes, strengths }) => ({ votes, strengths, n: votes.length })))(
    'of $n votes are those of evalica',
    ({ votes, strengths }) => {
      const { models, groups } = rateModels(
        votes.map(([a, b, outcome]) => vote(`m${a}`, `m${b}`, outcome)),
        few,
      );
      expect(groups).toHaveLength(1);
      for (const { model, rating } of models) expect(rating).toBeCloseTo(elo(strengths[model]!), 5);
    },
  );

  it.each([3, 4, 7])('of %i models with ties have the highest likelihood, found by climbing blindly', (n) => {
    const next = xoshiro128(n);
    for (let round = 0; round < 5; round++) {
      const points: Points = { n, points: new Float64Array(n * n) };
      for (let i = 0; i < n * 12; i++) {
        const [a, b] = [next() % n, next() % n];
        if (a === b) continue;
        const half = next() % 4 === 0;
        points.points[a * n + b]! += half ? 0.5 : 1;
        if (half) points.points[b * n + a]! += 0.5;
      }
      if (strongGroups(points).length > 1) continue;
      const found = strengthsOf(points);
      const climbed = climb(points);
      found.forEach((strength, i) => expect(strength).toBeCloseTo(climbed[i]!, 6));
    }
  });

  it('of two models are the odds of winning, ties as halves', () => {
    // 6 wins, 2 losses, 2 ties: 7 to 3.
    const votes = [
      ...times(6, vote('a', 'b')),
      ...times(2, vote('b', 'a')),
      ...times(2, vote('a', 'b', 'tie')),
    ];
    const { models } = rateModels(votes, few);
    const half = (400 * Math.log10(7 / 3)) / 2;
    expect(models.map(({ model, rating }) => [model, rating])).toEqual([
      ['a', expect.closeTo(1000 + half, 8)],
      ['b', expect.closeTo(1000 - half, 8)],
    ]);
    expect(models[0]).toMatchObject({ wins: 6, losses: 2, ties: 2, bothBad: 0 });
    expect(models[1]).toMatchObject({ wins: 2, losses: 6, ties: 2, bothBad: 0 });
  });

  it('count "both bad" apart: no rating changes', () => {
    const votes = [
      ...times(3, vote('a', 'b')),
      ...times(2, vote('b', 'c')),
      ...times(1, vote('c', 'a', 'second')),
      vote('b', 'a'),
      vote('c', 'b'),
    ];
    const plain = rateModels(votes, few);
    const bad = rateModels([...votes, ...times(5, vote('a', 'c', 'both_bad'))], few);
    expect(bad).toMatchObject({ votes: 13, bothBad: 5, ties: 0 });
    expect(bad.models.map(({ rating, interval }) => [rating, interval])).toEqual(
      plain.models.map(({ rating, interval }) => [rating, interval]),
    );
    expect(Object.fromEntries(bad.models.map(({ model, bothBad }) => [model, bothBad]))).toEqual({
      a: 5,
      b: 0,
      c: 5,
    });
  });

  it('converge where models are far apart', () => {
    const votes = [
      ...times(10_000, vote('a', 'b')),
      vote('b', 'a'),
      ...times(10_000, vote('b', 'c')),
      vote('c', 'b'),
    ];
    const { models } = rateModels(votes, { resamples: 1 });
    expect(models[0]!.rating! - models[1]!.rating!).toBeCloseTo(400 * 4, 4);
    expect(models.map(({ model }) => model)).toEqual(['a', 'b', 'c']);
  });

  it('need two models a vote, and of none are none', () => {
    expect(() => rateModels([vote('a', 'a')])).toThrow(RangeError);
    expect(rateModels([])).toEqual({
      votes: 0,
      ties: 0,
      bothBad: 0,
      models: [],
      groups: [],
      resamples: 2000,
    });
  });
});

describe('separated data is told instead of infinite ratings', () => {
  it('where one model won everything', () => {
    const { models, groups } = rateModels(times(9, vote('a', 'b')), few);
    expect(groups.map((group) => group.models)).toEqual([['a'], ['b']]);
    expect(models.map(({ rating, interval }) => [rating, interval])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('and those below it are rated among themselves', () => {
    const votes = [
      ...times(5, vote('top', 'x')),
      vote('top', 'y'),
      ...times(60, vote('x', 'y')),
      ...times(30, vote('y', 'x')),
    ];
    const { models, groups } = rateModels(votes, few);
    expect(groups.map((group) => group.models)).toEqual([['top'], ['x', 'y']]);
    const half = (400 * Math.log10(2)) / 2;
    expect(models.map(({ model, rating, group }) => [model, rating, group])).toEqual([
      ['top', null, 0],
      ['x', expect.closeTo(1000 + half, 8), 1],
      ['y', expect.closeTo(1000 - half, 8), 1],
    ]);
    expect(models[1]!.interval![0]).toBeLessThan(models[1]!.rating!);
  });

  it('where models were never compared', () => {
    const votes = [
      ...times(4, vote('a', 'b')),
      vote('b', 'a'),
      ...times(2, vote('c', 'd', 'tie')),
      vote('e', 'a', 'both_bad'),
    ];
    const { models, groups } = rateModels(votes, few);
    expect(groups.map((group) => group.models)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(models.find(({ model }) => model === 'c')!.rating).toBeCloseTo(1000, 9);
    expect(models.find(({ model }) => model === 'e')).toMatchObject({ rating: null, bothBad: 1 });
  });

  it('groups stand before those they won against', () => {
    const points = { n: 4, points: new Float64Array(16) };
    for (const [winner, loser] of [
      [3, 0],
      [0, 2],
      [2, 0],
      [2, 1],
    ])
      points.points[winner! * 4 + loser!] = 1;
    expect(strongGroups(points)).toEqual([[3], [0, 2], [1]]);
    expect(() => strengthsOf(points)).toThrow(RangeError);
  });

  it('in resamples too: they are counted, and where there are many there is no interval', () => {
    const votes = [...times(20, vote('a', 'b')), vote('b', 'a')];
    const { models, groups } = rateModels(votes, { resamples: 2000 });
    expect(models[0]!.rating! - models[1]!.rating!).toBeCloseTo(400 * Math.log10(20), 8);
    expect(models[0]!.interval).toBeNull();
    // (20 / 21)^21 = 0.359 of 2,000.
    expect(groups[0]!.separatedResamples).toBeGreaterThan(640);
    expect(groups[0]!.separatedResamples).toBeLessThan(800);
  });
});

describe('the intervals of ratings', () => {
  const votes = vectors.ratings[1]!.votes.map(([a, b, outcome]) => vote(`m${a}`, `m${b}`, outcome));

  it('are the same for the same seed, and hold the ratings', () => {
    const one = rateModels(votes, few);
    expect(rateModels(votes, few)).toEqual(one);
    expect(rateModels([...votes].reverse(), few)).toEqual(one);
    for (const { rating, interval } of one.models) {
      expect(interval![0]).toBeLessThan(rating!);
      expect(interval![1]).toBeGreaterThan(rating!);
    }
  });

  it('of four votes of each item that agree are twice as wide as of as many that stand alone', () => {
    const one = vectors.ratings[2]!.votes.map(([a, b, outcome]) => vote(`m${a}`, `m${b}`, outcome));
    const four = one.flatMap((single, i) => times(4, { ...single, item: `item ${i}` }));
    const width = (all: readonly PairVote[]) => {
      const [low, high] = rateModels(all).models[0]!.interval!;
      return high - low;
    };
    expect(width(four)).toBeCloseTo(width(one), 6);
    expect(width(four) / width(four.map(({ item: _, ...alone }) => alone))).toBeCloseTo(2, 0);
  });
});

/** Moves one strength at a time up and down by ever smaller steps: knows nothing but the likelihood. */
function climb({ n, points }: Points): number[] {
  const height = (at: readonly number[]) => {
    let sum = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        if (points[i * n + j]! > 0) sum += points[i * n + j]! * Math.log(1 / (1 + Math.exp(at[j]! - at[i]!)));
    return sum;
  };
  /** The best place of one strength while the others stay, by golden section. */
  const best = (at: number[], i: number) => {
    let [low, high] = [at[i]! - 4, at[i]! + 4];
    const ratio = (Math.sqrt(5) - 1) / 2;
    const value = (x: number) => height(at.with(i, x));
    while (high - low > 1e-9) {
      const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
      if (value(a) < value(b)) low = a;
      else high = b;
    }
    return (low + high) / 2;
  };
  let at = Array<number>(n).fill(0);
  for (let round = 0; round < 60; round++) for (let i = 0; i < n; i++) at = at.with(i, best(at, i));
  const mean = at.reduce((sum, x) => sum + x, 0) / n;
  return at.map((x) => x - mean);
}
