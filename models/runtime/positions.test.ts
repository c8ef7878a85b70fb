import { describe, expect, it } from 'vitest';
import { generatedPositions, promptPositions } from './positions';

const pad = 9;

describe('position ids', () => {
  it('count text and spread a picture over rows and columns', () => {
    // text, BOI, a picture of 2 rows and 3 columns, EOI, text
    const ids = [1, 2, pad, pad, pad, pad, pad, pad, 3, 1];
    const { positions, next } = promptPositions(ids, pad, [[2, 3]]);
    expect(positions.t).toEqual([0, 1, 2, 2, 2, 2, 2, 2, 5, 6]);
    expect(positions.h).toEqual([0, 1, 2, 2, 2, 3, 3, 3, 5, 6]);
    expect(positions.w).toEqual([0, 1, 2, 3, 4, 2, 3, 4, 5, 6]);
    expect(next).toBe(7);
  });

  it('of the 81 generated tokens follow BOI as those of a picture would', () => {
    const p = 17;
    const { t, h, w } = generatedPositions(p, [9, 9]);
    expect([t[0], h[0], w[0]]).toEqual([p, p, p]);
    for (let i = 0; i < 81; i++)
      expect([t[i + 1], h[i + 1], w[i + 1]]).toEqual([p + 1, p + 1 + Math.floor(i / 9), p + 1 + (i % 9)]);
    const read = promptPositions([...new Array(p + 1).fill(1), ...new Array(81).fill(pad)], pad, [[9, 9]]);
    expect(t).toEqual(read.positions.t.slice(p));
    expect(h).toEqual(read.positions.h.slice(p));
    expect(w).toEqual(read.positions.w.slice(p));
  });

  it('need a place of the right size for each picture', () => {
    expect(() => promptPositions([pad, pad], pad, [[1, 3]])).toThrow('2 image tokens');
    expect(() => promptPositions([1], pad, [[1, 1]])).toThrow('no place');
    expect(() => promptPositions([pad], pad, [])).toThrow('1 image tokens');
  });
});
