import { describe, expect, it, vi } from 'vitest';
import { xoshiro128 } from '../../models/runtime';
import {
  agreementEstimate,
  bootstrapInterval,
  cohenKappa,
  countValues,
  fleissKappa,
  krippendorffAlpha,
  percentAgreement,
  rateModels,
  type Coefficient,
  type Level,
  type PairVote,
  type Units,
  type Value,
} from '.';
import { drawKinds, type Random } from './draws';

/**
 * How often 95 % intervals hold the truth: from 93 to 97 % at the sizes that they are meant for. Each trial draws a
 * sample from a population of 100,000 simulated units or votes, of which the truth is computed. Takes minutes, so it is
 * part of `npm run test:nightly`, which prints the numbers of README.md.
 */
const trials = 3000;
const resamples = 400;
const population = 100_000;

vi.setConfig({ testTimeout: 600_000 });

/** @param trial whether the interval of a new sample holds the truth */
function expectCoverage(trial: (round: number) => boolean): void {
  let hits = 0;
  for (let round = 0; round < trials; round++) if (trial(round)) hits++;
  const share = hits / trials;
  console.log(`${expect.getState().currentTestName}: ${(100 * share).toFixed(1)} %`);
  expect(share).toBeGreaterThanOrEqual(0.93);
  expect(share).toBeLessThanOrEqual(0.97);
}

const holds = (interval: readonly [number, number] | null, truth: number): boolean =>
  interval !== null && interval[0] <= truth && truth <= interval[1];

const chance = (next: Random): number => (next() + 0.5) / 4294967296;
const gauss = (next: Random): number =>
  Math.sqrt(-2 * Math.log(chance(next))) * Math.cos(2 * Math.PI * chance(next));

describe('of a mean', () => {
  it.each<[string, number, (next: Random) => number]>([
    ['normal values', 50, gauss],
    ['normal values', 200, gauss],
    ['scores of five steps, most of them the best', 50, (next) => Math.min(5, Math.ceil(8 * chance(next)))],
    ['skewed values (exponential)', 200, (next) => -Math.log(chance(next))],
  ])('of %s, n = %i', (_, n, draw) => {
    const next = xoshiro128(n);
    const all = Float64Array.from({ length: population }, () => draw(next));
    const truth = all.reduce((sum, x) => sum + x, 0) / population;
    expectCoverage((seed) => {
      const values = Array.from({ length: n }, () => all[next() % population]!);
      return holds(bootstrapInterval(values, { seed, resamples }), truth);
    });
  });
});

/** Raters who see what is there with a chance, and else something else; some units they leave out. */
function rated(next: Random, raters: number, shares: readonly number[], right: number, missing = 0) {
  const pick = () => {
    let left = chance(next);
    return Math.max(
      0,
      shares.findIndex((share) => (left -= share) < 0),
    );
  };
  return Array.from({ length: population }, () => {
    const truth = pick();
    return Array.from({ length: raters }, () => {
      if (chance(next) < missing) return null;
      if (chance(next) < right) return truth;
      return (truth + 1 + (next() % (shares.length - 1))) % shares.length;
    });
  });
}

/** Raters on a scale of five who are off by a rounded normal number. */
function scaled(next: Random, raters: number, spread: number, missing = 0) {
  return Array.from({ length: population }, () => {
    const truth = 3.4 + 1.1 * gauss(next);
    return Array.from({ length: raters }, () =>
      chance(next) < missing ? null : Math.min(5, Math.max(1, Math.round(truth + spread * gauss(next)))),
    );
  });
}

/** Draws samples of `n` units from the population. */
function expectAgreementCoverage<V extends Value>(
  next: Random,
  all: Units<V>,
  n: number,
  coefficient: (units: Units<V>) => Coefficient,
): void {
  const { at, weights } = coefficient(all);
  const truth = at(weights);
  const drawn = new Float64Array(all.weights.length);
  expectCoverage((seed) => {
    drawKinds(next, n, all.weights, drawn);
    const kinds = all.weights.flatMap((_, i) => (drawn[i]! > 0 ? i : []));
    const sample = {
      values: all.values,
      patterns: kinds.map((i) => all.patterns[i]!),
      weights: kinds.map((i) => drawn[i]!),
    };
    return holds(agreementEstimate(coefficient(sample), { seed, resamples }).interval, truth);
  });
}

describe.each([50, 200])('of agreement on %i units:', (n) => {
  const half = [0.5, 0.5];
  const rare = [0.2, 0.8];
  const three = [0.5, 0.3, 0.2];

  it.each<[string, readonly number[], number]>([
    ['two values', half, 0.8],
    ['one value rarer', rare, 0.9],
    ['three values', three, 0.8],
  ])("Cohen's kappa, %s", (_, shares, right) => {
    const next = xoshiro128(n);
    // A pair of answers is a value of its own here, and one value a unit.
    const units = countValues(rated(next, 2, shares, right).map(([a, b]) => [10 * a! + b!]));
    expectAgreementCoverage(next, units, n, ({ values, patterns, weights }) => {
      const pairs = patterns.flatMap(({ counts }, i) =>
        Array<number>(weights[i]!).fill(Number(values[counts[0]![0]])),
      );
      return cohenKappa(
        pairs.map((pair) => Math.floor(pair / 10)),
        pairs.map((pair) => pair % 10),
      );
    });
  });

  it.each<[string, readonly number[], number]>([
    ['two values, good', half, 0.9],
    ['one value rarer', rare, 0.9],
    ['two values, poor', half, 0.7],
    ['three values', three, 0.8],
  ])("Fleiss' kappa of three raters, %s", (_, shares, right) => {
    const next = xoshiro128(n + 1);
    expectAgreementCoverage(next, countValues(rated(next, 3, shares, right)), n, fleissKappa);
  });

  it("Krippendorff's alpha, nominal, a third missing", () => {
    const next = xoshiro128(n + 2);
    const units = countValues(rated(next, 4, three, 0.8, 0.33));
    expectAgreementCoverage(next, units, n, (sample) => krippendorffAlpha(sample, 'nominal'));
  });

  it.each<[Level, number, number, number]>([
    ['ordinal', 3, 0.5, 0],
    ['ordinal', 4, 0.7, 0.33],
    ['interval', 2, 0.7, 0],
    ['ordinal', 3, 1, 0],
    ['interval', 3, 1, 0.2],
  ])("Krippendorff's alpha, %s, %i raters off by %d, missing %d", (level, raters, spread, missing) => {
    const next = xoshiro128(n + raters);
    const units = countValues(scaled(next, raters, spread, missing));
    expectAgreementCoverage(next, units, n, (sample) => krippendorffAlpha(sample, level));
  });

  it('the share of equal pairs of three raters', () => {
    const next = xoshiro128(n + 9);
    expectAgreementCoverage(next, countValues(rated(next, 3, half, 0.8)), n, percentAgreement);
  });
});

describe('of ratings', () => {
  /** Items of `votes` votes each; what is special about an item moves all of its votes. */
  function voted(next: Random, strengths: readonly number[], votes: number, ties: number) {
    return Array.from({ length: population / votes }, (_, item) => {
      const [a, b] = [next() % strengths.length, next() % (strengths.length - 1)];
      const other = b < a ? b : b + 1;
      const ahead = strengths[a]! - strengths[other]! + (votes > 1 ? gauss(next) : 0);
      return Array.from({ length: votes }, (): PairVote => {
        const won = chance(next) < 1 / (1 + Math.exp(-ahead));
        const outcome = chance(next) < ties ? 'tie' : won ? 'first' : 'second';
        return { first: `m${a}`, second: `m${other}`, outcome, item: `${item}` };
      });
    });
  }

  it.each<[string, number[], number, number, number]>([
    ['two models, 200 votes with ties', [0.3, -0.3], 1, 0.2, 200],
    ['two models, 100 items of three votes', [0.4, -0.4], 3, 0.1, 100],
    ['four models, 200 votes with ties', [0.8, 0.2, -0.3, -0.7], 1, 0.3, 200],
    ['four models, 200 votes', [0.8, 0.2, -0.3, -0.7], 1, 0, 200],
    ['six models, 150 items of three votes', [1, 0.5, 0, 0, -0.5, -1], 3, 0.1, 150],
  ])('%s', (_, strengths, votes, ties, items) => {
    const next = xoshiro128(items + strengths.length);
    const all = voted(next, strengths, votes, ties);
    const truth = new Map(
      rateModels(all.flat(), { resamples: 1 }).models.map(({ model, rating }) => [model, rating!]),
    );
    expectCoverage((seed) => {
      const sample = Array.from({ length: items }, (_, i) => {
        const item = all[next() % all.length]!;
        return item.map((vote) => ({ ...vote, item: `${i}` }));
      });
      const { models } = rateModels(sample.flat(), { seed, resamples });
      // Of a sample one rating, another each time: those of one sample are not independent.
      const { model, interval } = models[seed % models.length]!;
      return holds(interval, truth.get(model)!);
    });
  });
});
