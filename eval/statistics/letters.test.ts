import { describe, expect, it } from 'vitest';
import { xoshiro128 } from '../../models/runtime';
import { holm, letterGroups } from '.';

describe("Holm's correction", () => {
  it('is that of R, p.adjust(p, "holm")', () => {
    // By hand: 4 × 0.005, 3 × 0.01, then 2 × 0.03, and 0.04 is raised to what came before.
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual(
      [0.03, 0.06, 0.06, 0.02].map((p) => expect.closeTo(p, 12)),
    );
    expect(holm([0.5, 0.9, 0.6])).toEqual([1, 1, 1]);
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
    expect(() => holm([Number.NaN])).toThrow(RangeError);
    expect(() => holm([1.1])).toThrow(RangeError);
  });
});

/** A symmetric matrix from the pairs that differ. */
function matrix(n: number, pairs: readonly (readonly [number, number])[]): boolean[][] {
  const differs = Array.from({ length: n }, () => Array<boolean>(n).fill(false));
  for (const [a, b] of pairs) differs[a]![b] = differs[b]![a] = true;
  return differs;
}

describe('the compact letter display', () => {
  it('gives one letter where nothing differs, and one each where all do', () => {
    expect(letterGroups(matrix(3, []))).toEqual(['a', 'a', 'a']);
    expect(
      letterGroups(
        matrix(3, [
          [0, 1],
          [0, 2],
          [1, 2],
        ]),
      ),
    ).toEqual(['a', 'b', 'c']);
    expect(letterGroups([])).toEqual([]);
    expect(letterGroups([[false]])).toEqual(['a']);
  });

  it('lets groups overlap', () => {
    expect(letterGroups(matrix(3, [[0, 2]]))).toEqual(['a', 'ab', 'b']);
    const ends = [
      [0, 3],
      [0, 4],
      [1, 4],
    ] as const;
    expect(letterGroups(matrix(5, ends))).toEqual(['a', 'ab', 'abc', 'bc', 'c']);
  });

  it('needs a letter more where a better result differs from its neighbour alone', () => {
    // 0 differs from 1 only: 1 cannot share with 0, and both share with 2.
    expect(letterGroups(matrix(3, [[0, 1]]))).toEqual(['a', 'b', 'ab']);
  });

  it('shares a letter exactly where nothing differs, on random matrices, and has no letter too many', () => {
    const next = xoshiro128(7);
    for (let round = 0; round < 300; round++) {
      const n = 1 + (next() % 9);
      const share = next() / 2 ** 32;
      const pairs: [number, number][] = [];
      for (let a = 0; a < n; a++)
        for (let b = a + 1; b < n; b++) if (next() / 2 ** 32 < share) pairs.push([a, b]);
      const differs = matrix(n, pairs);
      const letters = letterGroups(differs);
      expectShared(letters, differs);
      const groups = [...new Set(letters.join(''))].map((letter) =>
        letters.flatMap((own, i) => (own.includes(letter) ? i : [])),
      );
      for (const one of groups)
        expect(groups.filter((other) => one.every((member) => other.includes(member)))).toEqual([one]);
    }
  });

  it('has letters after z, and says when they are at an end', () => {
    // Within blocks all results differ, between them none: a group takes one result of each block.
    const blocks = (count: number, size: number) =>
      Array.from({ length: count * size }, (_, i) =>
        Array.from({ length: count * size }, (_, j) => i !== j && i % count === j % count),
      );
    expect(letterGroups(blocks(1, 28)).slice(25)).toEqual(['z', 'A', 'B']);
    expect(new Set(letterGroups(blocks(5, 3)).join('')).size).toBe(3 ** 5);
    expect(() => letterGroups(blocks(6, 3))).toThrow(RangeError);
  });

  it('takes symmetric matrices only', () => {
    expect(() => letterGroups([[false, true]])).toThrow(RangeError);
    expect(() => letterGroups([[true]])).toThrow(RangeError);
    expect(() =>
      letterGroups([
        [false, true],
        [false, false],
      ]),
    ).toThrow(RangeError);
  });
});

function expectShared(letters: readonly string[], differs: readonly (readonly boolean[])[]): void {
  letters.forEach((own, i) => {
    expect(own).not.toBe('');
    letters.forEach((other, j) => {
      if (i !== j) expect([...own].some((letter) => other.includes(letter))).toBe(!differs[i]![j]);
    });
  });
}
