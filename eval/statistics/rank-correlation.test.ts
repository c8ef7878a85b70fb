import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { holm, spearman } from '.';

/** Of SciPy and statsmodels: tests/vectors/agreement/make.py. */
const vectors = JSON.parse(
  readFileSync(new URL('../../tests/vectors/agreement/vectors.json', import.meta.url), 'utf8'),
) as {
  spearman: { first: number[]; second: number[]; rho: number }[];
  holm: { p: number[]; adjusted: number[] }[];
};

describe("Spearman's rank correlation", () => {
  it.each(vectors.spearman)("is SciPy's, with ties ($rho)", ({ first, second, rho }) => {
    expect(spearman(first, second)).toBeCloseTo(rho, 12);
    expect(spearman(second, first)).toBeCloseTo(rho, 12);
    expect(
      spearman(
        first,
        second.map((value) => -value),
      ),
    ).toBeCloseTo(-rho, 12);
  });

  it('is none where one side never changes, or of fewer than two', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(spearman([1], [1])).toBeNull();
    expect(spearman([], [])).toBeNull();
    expect(() => spearman([1], [])).toThrow(RangeError);
    expect(() => spearman([1, Number.NaN], [1, 2])).toThrow(RangeError);
  });
});

it.each(vectors.holm)("Holm's correction is that of statsmodels ($p.length values)", ({ p, adjusted }) => {
  expect(holm(p)).toEqual(adjusted.map((value) => expect.closeTo(value, 12)));
});
