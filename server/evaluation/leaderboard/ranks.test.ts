import { describe, expect, it } from 'vitest';
import { mostTested, placeRows, type PairP } from './ranks';

const rows = (...values: number[]) => values.map((value, i) => ({ id: `r${i}`, value }));
/** p of pairs by their rows, `r0 r1`; every other pair differs without doubt. */
const given =
  (known: Record<string, number | null | undefined>): PairP =>
  (a, b) => {
    const key = [a, b].sort().join(' ');
    return key in known ? known[key] : 1e-9;
  };
const table = (placings: ReturnType<typeof placeRows>) =>
  Object.fromEntries([...placings.of].map(([id, { rank, groups }]) => [id, `${rank}${groups}`]));

describe('places of a board', () => {
  it('that do not differ share a letter and the best place', () => {
    const placed = placeRows(rows(0.9, 0.8, 0.7, 0.2), 'higher', given({ 'r0 r1': 0.6, 'r1 r2': 0.3 }));
    expect(table(placed)).toEqual({ r0: '1a', r1: '1ab', r2: '2b', r3: '4c' });
    expect(placed).toMatchObject({ pairs: 6, pending: 0 });
  });

  it('go by the smallest where less is better', () => {
    const placed = placeRows(rows(0.3, 0.1, 0.2), 'lower', given({}));
    expect(table(placed)).toEqual({ r1: '1a', r2: '2b', r0: '3c' });
  });

  it('are corrected for the number of tests', () => {
    const alone = placeRows(rows(0.9, 0.8), 'higher', given({ 'r0 r1': 0.03 }));
    expect(table(alone)).toEqual({ r0: '1a', r1: '2b' });
    // The same p beside two more that are no better: 0.03 · 3 is no finding.
    const among = placeRows(
      rows(0.9, 0.8, 0.7),
      'higher',
      given({ 'r0 r1': 0.03, 'r0 r2': 0.04, 'r1 r2': 0.5 }),
    );
    expect(table(among)).toEqual({ r0: '1a', r1: '1a', r2: '1a' });
  });

  it('have no groups while a test is missing', () => {
    const placed = placeRows(rows(0.9, 0.8, 0.7), 'higher', given({ 'r1 r2': undefined }));
    expect(table(placed)).toEqual({ r0: '1', r1: '2', r2: '3' });
    expect(placed.pending).toBe(1);
  });

  it('that cannot be tested go by the figure alone', () => {
    const untestable = given({ 'r0 r1': null, 'r1 r2': null, 'r0 r2': 0.5 });
    expect(table(placeRows(rows(0.9, 0.8, 0.7), 'higher', untestable))).toEqual({
      r0: '1a',
      r1: '2',
      r2: '1a',
    });
    expect(table(placeRows(rows(0.9), 'higher', given({})))).toEqual({ r0: '1' });
    expect(placeRows([], 'higher', given({})).of.size).toBe(0);
  });

  it('are shared by equal figures', () => {
    expect(table(placeRows(rows(0.5, 0.9, 0.5), 'higher', () => null))).toEqual({
      r1: '1',
      r0: '2',
      r2: '2',
    });
  });

  it('are tested among the best only', () => {
    const many = placeRows(rows(...Array.from({ length: 30 }, (_, i) => 1 - i / 100)), 'higher', () => 0.9);
    expect(many.tested).toHaveLength(mostTested);
    expect(many.pairs).toBe((mostTested * (mostTested - 1)) / 2);
    expect(many.of.get('r19')).toEqual({ rank: 1, groups: 'a' });
    expect(many.of.get('r20')).toEqual({ rank: 21, groups: '' });
  });
});
