import { describe, expect, it } from 'vitest';
import { exactP } from '.';
import { clusteredSignP } from './clustered-sign';

/** Every choice of signs, one after the other. */
function byCounting(differences: readonly number[]): number {
  const observed = Math.abs(differences.reduce((sum, d) => sum + d, 0));
  const n = differences.length;
  let far = 0;
  for (let signs = 0; signs < 2 ** n; signs++) {
    const sum = differences.reduce((total, d, i) => total + ((signs >> i) & 1 ? d : -d), 0);
    if (Math.abs(sum) >= observed) far++;
  }
  return far / 2 ** n;
}

describe("McNemar's test by item", () => {
  it.each([
    [[1, 2, -1, 4, 3, 0, 2]],
    [[4, 4, 4, -1]],
    [[-3, -2, -4, 1, 0, 0, -1, -2]],
    [[2, -2, 1, -1]],
    [[4, 3, 2, 1, 4, 3, 2, 1, -4, -1, 3, 2]],
  ])('of %j is the share of all signs', (differences) => {
    expect(clusteredSignP(differences)).toBeCloseTo(byCounting(differences), 12);
  });

  it('with one sample an item is the exact test', () => {
    const differences = [...Array<number>(9).fill(1), -1, ...Array<number>(50).fill(0)];
    expect(clusteredSignP(differences)).toBe(exactP(9, 1));
  });

  it('does not take four pictures of one prompt for four', () => {
    // Three prompts gained with all their pictures: 2 · 0.5³, where twelve independent pictures would be 2 · 0.5¹².
    expect(clusteredSignP([4, 4, 4])).toBe(0.25);
  });

  it('nears the normal form', () => {
    const many = Array.from({ length: 400 }, (_, i) => ((i * 7) % 5) - 1.5 + 0.5 * (i % 2 ? 1 : -1));
    const whole = many.map(Math.round);
    const [sum, squares] = [
      whole.reduce((total, d) => total + d, 0),
      whole.reduce((total, d) => total + d * d, 0),
    ];
    const twice = [...whole, ...whole.map((d) => -d), ...Array<number>(40).fill(1)];
    expect(sum).not.toBe(0);
    // Of 40 more than balanced: z = 40 / √(2 · squares + 40), with the correction for steps of 2.
    const z = (40 - 1) / Math.sqrt(2 * squares + 40);
    expect(clusteredSignP(twice)).toBeCloseTo(2 * (1 - phi(z)), 2);
  });

  it('of many items is still quick, and of nothing says nothing', () => {
    expect(clusteredSignP([])).toBe(1);
    expect(clusteredSignP([2, -1, -1])).toBe(1);
    const huge = Array.from({ length: 100_000 }, (_, i) => [2, -1, 0, -1][i % 4]!);
    expect(clusteredSignP([...huge, 1])).toBeGreaterThan(0.9);
    expect(() => clusteredSignP([0.5])).toThrow(RangeError);
  });
});

/** The normal distribution, by its series. */
function phi(z: number): number {
  let [term, sum] = [z, z];
  for (let k = 1; k < 60; k++) {
    term *= (-z * z) / (2 * k);
    sum += term / (2 * k + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}
