import { describe, expect, it } from 'vitest';
import { createSerializer } from 'nuqs/server';
import { wholeView } from '../../server/evaluation/leaderboard/view';
import { loadTableParams, tableParams } from './url';

const load = (query: string) => loadTableParams(new URLSearchParams(query));
const nothing = { ...wholeView, chart: null, rows: null };

describe('the address of a table', () => {
  it('says nothing of the usual view', () => {
    expect(load('')).toEqual(nothing);
    expect(createSerializer(tableParams)({ q: '', kind: null, complete: false })).toBe('');
  });

  it('comes back as it was written', () => {
    const view = {
      ...{ q: 'nexus gen', kind: 'published' as const, board: 'paper-2504.21356-table-2', complete: true },
      limit: { metric: 'dino_o.add', value: -0.5 },
      sort: { column: 'domain: Art & Design', desc: true },
      columns: ['accuracy', 'a,b', 'groups'],
      ...{ chart: 'radar' as const, rows: ['published:Nexus-Gen*:paper-1', 'run:0'] },
    };
    expect(load(createSerializer(tableParams)(view).slice(1))).toEqual(view);
  });

  it.each([
    'kind=none&chart=pie&complete=perhaps&limit=accuracy&sort=&board=',
    'limit=:0.5&sort=-',
    'limit=accuracy:&limit=accuracy:0x',
    'limit=accuracy:Infinity&kind[]=measured',
    'chart=__proto__&kind=constructor',
  ])('of a stranger, %s, is the usual view', (query) => {
    const { board, ...view } = load(query);
    expect(board || null).toBeNull();
    const { board: _board, ...usual } = nothing;
    expect(view).toEqual(usual);
  });

  it('is cut where it is endless', () => {
    const { q, columns, sort } = load(
      `q=${'a'.repeat(10_000)}&columns=${Array(5000).fill('x').join(',')}&sort=${'b'.repeat(10_000)}`,
    );
    expect([q.length, columns!.length, sort!.column.length]).toEqual([200, 60, 200]);
  });
});
