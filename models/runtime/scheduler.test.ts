import { describe, expect, it } from 'vitest';
import { normals, xoshiro128 } from './random';
import { sigmas } from './scheduler';

describe('noise levels', () => {
  it('fall from 1 to the last level, shifted, and end at 0 (Nexus-Gen V2)', () => {
    const min = 0.003 / 1.002;
    const levels = sigmas({ type: 'flow_match_euler', shift: 3, sigma_min: min }, 50);
    expect(levels).toHaveLength(51);
    expect(levels[0]).toBe(1);
    expect(levels[49]).toBeCloseTo((3 * min) / (1 + 2 * min), 12);
    expect(levels[50]).toBe(0);
    expect(levels.every((level, i) => i === 0 || level < levels[i - 1]!)).toBe(true);
  });

  it('are evenly spaced without a shift', () => {
    expect([...sigmas({ type: 'flow_match_euler', shift: 1 }, 4)]).toEqual([1, 0.75, 0.5, 0.25, 0]);
    expect([...sigmas({ type: 'flow_match_euler', shift: 3 }, 1)]).toEqual([1, 0]);
  });
});

describe('noise', () => {
  it('depends on the seed alone', () => {
    expect(normals(7, 100)).toEqual(normals(7, 100));
    expect(normals(7, 100).subarray(0, 50)).toEqual(normals(7, 50));
    expect(normals(7, 100)).not.toEqual(normals(8, 100));
    const next = xoshiro128(1);
    expect([next(), next(), next()]).toEqual([393288148, 2174103013, 3814759091]);
  });

  it('is standard normal', () => {
    const values = normals(1, 200_001);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0, 2);
    expect(variance).toBeCloseTo(1, 1);
    expect(values.every(Number.isFinite)).toBe(true);
  });
});
