import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { xoshiro128 } from '../../../models/runtime';
import {
  agreementEstimate,
  agreementEstimates,
  cohenKappa,
  countValues,
  fleissKappa,
  krippendorffAlpha,
  percentAgreement,
  type Coefficient,
  type Level,
} from '.';

type Unit = (number | null)[];

/** Of published worked examples and random data, by other people's programs: tests/vectors/agreement/make.py. */
const vectors = JSON.parse(
  readFileSync(new URL('../../../tests/vectors/agreement/vectors.json', import.meta.url), 'utf8'),
) as {
  krippendorff: ({ name: string; units: Unit[] } & Record<Level, number>)[];
  fleiss: { name: string; units: Unit[]; fleiss: number }[];
  cohen: { name: string; table: number[][]; kappa: number }[];
};
const levels = ['nominal', 'ordinal', 'interval'] as const;

const valueOf = ({ at, weights, undefined: why }: Coefficient) => why ?? at(weights);
const example = (name: string) => vectors.krippendorff.find((one) => one.name === name)!;

describe("Krippendorff's alpha", () => {
  // The digits that the paper prints.
  it.each<[string, Level, number]>([
    ['Krippendorff 2011 A', 'nominal', 0.095],
    ['Krippendorff 2011 B', 'nominal', 0.692],
    ['Krippendorff 2011 C', 'nominal', 0.743],
    ['Krippendorff 2011 C', 'ordinal', 0.815],
    ['Krippendorff 2011 C', 'interval', 0.849],
  ])('%s, %s is the published %d', (name, level, published) => {
    const alpha = valueOf(krippendorffAlpha(countValues(example(name).units), level));
    expect(alpha).toBeCloseTo(published, 3);
  });

  describe.each(vectors.krippendorff)('$name', ({ units, ...expected }) => {
    it.each(levels)('%s is that of the package krippendorff, and of all pairs one by one', (level) => {
      const alpha = valueOf(krippendorffAlpha(countValues(units), level));
      expect(alpha).toBeCloseTo(expected[level], 10);
      expect(alpha).toBeCloseTo(alphaOfPairs(units, level), 10);
    });
  });

  it('of 100,000 units is that of all pairs one by one', { timeout: 60_000 }, () => {
    const next = xoshiro128(3);
    const units = Array.from({ length: 100_000 }, () => {
      const truth = next() % 5;
      return Array.from({ length: 4 }, () => (next() % 4 === 0 ? null : Math.min(4, truth + (next() % 2))));
    });
    const table = countValues(units);
    for (const level of levels)
      expect(valueOf(krippendorffAlpha(table, level))).toBeCloseTo(alphaOfPairs(units, level), 8);
  });

  it('does not mind the order of raters and units, nor units that were rated once', () => {
    const { units } = example('Krippendorff 2011 C');
    const other = [...units.map((unit) => [...unit].reverse()).reverse(), [7], [null, 7], []];
    for (const level of levels)
      expect(valueOf(krippendorffAlpha(countValues(other), level))).toBeCloseTo(
        example('Krippendorff 2011 C')[level],
        12,
      );
  });

  it('of names takes texts, of an order numbers only', () => {
    const words = countValues([
      ['pass', 'pass'],
      ['fail', 'pass'],
      ['fail', 'fail'],
    ]);
    // n = 6 of which 3 and 3: 1 − 5 · 2 / (36 − 18).
    expect(valueOf(krippendorffAlpha(words, 'nominal'))).toBeCloseTo(4 / 9, 12);
    expect(() => krippendorffAlpha(words, 'ordinal')).toThrow(RangeError);
  });
});

describe("Fleiss' kappa", () => {
  it.each([
    ['Fleiss 1971', 0.43],
    ['Wikipedia', 0.21],
  ])('of %s is the published %d', (name, published) => {
    const { units } = vectors.fleiss.find((one) => one.name === name)!;
    expect(valueOf(fleissKappa(countValues(units)))).toBeCloseTo(published, 3);
  });

  it.each(vectors.fleiss)('of $name is that of statsmodels', ({ units, fleiss }) => {
    expect(valueOf(fleissKappa(countValues(units)))).toBeCloseTo(fleiss, 10);
  });

  it('has no place for units with different numbers of ratings', () => {
    expect(
      valueOf(
        fleissKappa(
          countValues([
            [1, 2],
            [1, 2, 2],
          ]),
        ),
      ),
    ).toBe('unequal');
  });
});

describe("Cohen's kappa", () => {
  const raters = (table: readonly number[][]) => {
    const cells = table.flatMap((row, a) => row.flatMap((n, b) => Array<[number, number]>(n).fill([a, b])));
    return [cells.map(([a]) => a), cells.map(([, b]) => b)] as const;
  };

  it.each(vectors.cohen)('of $name is that of scikit-learn', ({ table, kappa }) => {
    expect(valueOf(cohenKappa(...raters(table)))).toBeCloseTo(kappa, 10);
  });

  it('of Cohen 1960 is the published 0.492', () => {
    expect(valueOf(cohenKappa(...raters(vectors.cohen[0]!.table)))).toBeCloseTo(0.492, 3);
  });

  it('leaves out what one of them left out', () => {
    const [first, second] = raters(vectors.cohen[1]!.table);
    expect(valueOf(cohenKappa([...first, null, 1], [...second, 1, undefined]))).toBeCloseTo(0.4, 10);
    expect(() => cohenKappa([1], [])).toThrow(RangeError);
  });

  it('of two who never say the same things is 0, not undefined', () => {
    expect(valueOf(cohenKappa(['a', 'a'], ['b', 'b']))).toBe(0);
  });
});

it('the share of equal pairs counts pairs, not units', () => {
  // 3 pairs of which 1 is equal, and 1 that is.
  expect(valueOf(percentAgreement(countValues([[1, 1, 2], [1, 1], [5]])))).toBe(0.5);
});

describe('where agreement is undefined it says why, and is neither 1 nor NaN', () => {
  it.each<[string, Unit[], string]>([
    [
      'everybody always said the same',
      [
        [1, 1],
        [1, 1],
      ],
      'constant',
    ],
    ['there was one rater', [[1], [2], [3]], 'no_overlap'],
    [
      'no unit was rated twice',
      [
        [1, null],
        [null, 2],
      ],
      'no_overlap',
    ],
    ['there is nothing', [], 'no_overlap'],
    ['one unit was rated twice', [[1, 2]], 'one_unit'],
    ['one unit was rated twice, the same', [[1, 1]], 'constant'],
    ['only units rated once differ', [[1, 1], [1, 1], [2]], 'constant'],
  ])('%s', (_, units, why) => {
    const table = countValues(units);
    for (const level of levels) expect(valueOf(krippendorffAlpha(table, level))).toBe(why);
    const fleiss = valueOf(fleissKappa(table));
    expect([why, 'unequal']).toContain(fleiss);
    const [first, second] = [units.map((unit) => unit[0]), units.map((unit) => unit[1])];
    const cohen = cohenKappa(first, second);
    expect(valueOf(cohen)).toBe(why);
    expect(agreementEstimate(cohen)).toEqual({
      value: null,
      undefined: why,
      interval: null,
      undefinedResamples: 0,
    });
  });

  it('the share of equal pairs is 1 where everybody always said the same, and undefined without pairs', () => {
    expect(
      valueOf(
        percentAgreement(
          countValues([
            [1, 1],
            [1, 1],
          ]),
        ),
      ),
    ).toBe(1);
    expect(valueOf(percentAgreement(countValues([[1], [2]])))).toBe('no_overlap');
  });
});

describe('the interval', () => {
  const { units } = example('random 0');
  const alpha = krippendorffAlpha(countValues(units), 'ordinal');

  it('is the same for the same seed, and holds the value', () => {
    const one = agreementEstimate(alpha);
    expect(agreementEstimate(alpha)).toEqual(one);
    expect(agreementEstimate(alpha, { seed: 1 }).interval).not.toEqual(one.interval);
    expect(one.interval![0]).toBeLessThan(one.value!);
    expect(one.interval![1]).toBeGreaterThan(one.value!);
    expect(one.undefinedResamples).toBe(0);
    const turned = krippendorffAlpha(countValues([...units].reverse()), 'ordinal');
    expect(agreementEstimate(turned).interval).toEqual(one.interval);
    const narrow = agreementEstimate(alpha, { level: 0.5 }).interval!;
    expect(narrow[1] - narrow[0]).toBeLessThan(one.interval![1] - one.interval![0]);
  });

  it('of several coefficients of one table is that of each alone', () => {
    const table = countValues(vectors.fleiss[0]!.units);
    const all = [fleissKappa(table), krippendorffAlpha(table, 'ordinal'), percentAgreement(table)];
    expect(agreementEstimates(all)).toEqual(all.map((one) => agreementEstimate(one)));
    expect(() => agreementEstimates([alpha, fleissKappa(table)])).toThrow(RangeError);
    const none = fleissKappa(countValues([[1], [2]]));
    expect(agreementEstimates([none, alpha])).toEqual([none, alpha].map((one) => agreementEstimate(one)));
    expect(agreementEstimates([])).toEqual([]);
  });

  it('of perfect agreement is none: resamples of it cannot doubt it', () => {
    const perfect = krippendorffAlpha(
      countValues(Array.from({ length: 50 }, (_, i) => [i % 3, i % 3])),
      'nominal',
    );
    expect(agreementEstimate(perfect)).toEqual({
      value: 1,
      undefined: null,
      interval: null,
      undefinedResamples: 0,
    });
  });

  it('is none where many resamples are of one value only, and their number is told', () => {
    const rare = krippendorffAlpha(
      countValues(Array.from({ length: 30 }, (_, i) => (i === 0 ? [1, 2] : [1, 1]))),
      'nominal',
    );
    const { value, interval, undefinedResamples } = agreementEstimate(rare);
    expect(value).toBeCloseTo(0, 6);
    expect(interval).toBeNull();
    // (29 / 30)^30 = 0.362 of 2,000.
    expect(undefinedResamples).toBeGreaterThan(640);
    expect(undefinedResamples).toBeLessThan(810);
  });
});

/** Krippendorff's definition, word by word: the coincidences of all ordered pairs, and distances from their margins. */
function alphaOfPairs(units: readonly Unit[], level: Level): number {
  const values = [...new Set(units.flat())].filter((value) => value !== null).sort((a, b) => a - b);
  const coincidences = values.map(() => values.map(() => 0));
  for (const unit of units) {
    const given = unit.filter((value) => value !== null);
    given.forEach((one, i) =>
      given.forEach((other, j) => {
        if (i !== j) coincidences[values.indexOf(one)]![values.indexOf(other)]! += 1 / (given.length - 1);
      }),
    );
  }
  const margins = coincidences.map((row) => row.reduce((sum, x) => sum + x, 0));
  const n = margins.reduce((sum, x) => sum + x, 0);
  const distance = (c: number, k: number): number => {
    if (level === 'nominal') return c === k ? 0 : 1;
    if (level === 'interval') return (values[c]! - values[k]!) ** 2;
    const [low, high] = [Math.min(c, k), Math.max(c, k)];
    const between = margins.slice(low, high + 1).reduce((sum, x) => sum + x, 0);
    return (between - (margins[low]! + margins[high]!) / 2) ** 2;
  };
  let [observed, expected] = [0, 0];
  values.forEach((_, c) =>
    values.forEach((__, k) => {
      observed += coincidences[c]![k]! * distance(c, k);
      expected += (margins[c]! * margins[k]! * distance(c, k)) / (n - 1);
    }),
  );
  return 1 - observed / expected;
}
