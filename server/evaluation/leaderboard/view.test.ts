import { describe, expect, it } from 'vitest';
import type { Board, Leaderboard, LeaderboardMetric, LeaderboardRow } from './schema';
import { allColumns, arrange, shownColumns, usualMetrics, wholeView, type View } from './view';

const metric = (name: string, more: Partial<LeaderboardMetric> = {}): LeaderboardMetric => ({
  ...{ metric: name, better: 'higher', unit: 'share', decimals: 2, ofSamples: false },
  ...{ category: false, of: name, group: '', secondary: false },
  ...more,
});
const category = (name: string, of = 'score', group = name) => metric(name, { category: true, of, group });

const board = (id: string, kind: Board['kind']): Board => ({
  ...{ id, kind, title: id, protocol: 'p', measured: null, published: null, distinct: {}, test: null },
});

function row(model: string, on: string, figures: Record<string, number>, more: Partial<LeaderboardRow> = {}) {
  const found: LeaderboardRow = {
    ...{ id: `${on}:${model}`, kind: on === 'paper' ? 'published' : 'measured', model, version: null },
    ...{
      modelKind: null,
      runId: null,
      recorded: false,
      board: on,
      ...{ name: null, note: null, tags: [] },
      rank: null,
      groups: '',
      incomplete: false,
    },
    figures: Object.fromEntries(
      Object.entries(figures).map(([key, value]) => [key, { value, decimals: 2, interval: null, n: null }]),
    ),
    ...{ latencyMs: null, inconsistentMean: null },
    provenance: {
      ...{
        by: 'b',
        place: null,
        url: null,
        commit: null,
        dirty: null,
        evaluators: [],
        preset: null,
        settings: {},
      },
      ...{ protocol: 'p', dataset: null, fingerprint: null, date: new Date('2026-01-01') },
    },
    ...more,
  };
  return found;
}

const table: Leaderboard = {
  benchmark: { name: 'made', title: 'Made', task: 'generate', synthetic: false },
  main: 'score',
  metrics: [metric('score'), category('counting'), metric('l1', { better: 'lower' })],
  boards: [board('ours', 'measured'), board('paper', 'published')],
  rows: [
    row('beta', 'ours', { score: 0.5, counting: 0.1 }, { rank: 2, latencyMs: 20 }),
    row('alpha 10', 'ours', { score: 0.9 }, { rank: 1, version: '2.0' }),
    row('alpha 9', 'ours', { score: 0.95, l1: 0.1 }, { incomplete: true }),
    row('gamma', 'paper', { score: 0.99, l1: 0.3 }, { rank: 1 }),
  ],
};

const models = (view: Partial<View>) =>
  arrange(table, { ...wholeView, ...view }).map(({ board: { id }, rows }) => [
    id,
    ...rows.map((one) => one.model),
  ]);

describe('a view', () => {
  it('never mixes boards, whatever it is sorted by', () => {
    expect(models({})).toEqual([
      ['ours', 'alpha 10', 'beta', 'alpha 9'],
      ['paper', 'gamma'],
    ]);
    expect(models({ sort: { column: 'score', desc: true } })).toEqual([
      ['ours', 'alpha 9', 'alpha 10', 'beta'],
      ['paper', 'gamma'],
    ]);
  });

  it('puts what a row has not last, rising or falling', () => {
    expect(models({ sort: { column: 'counting', desc: true } })[0]).toEqual([
      'ours',
      'beta',
      'alpha 9',
      'alpha 10',
    ]);
    expect(models({ sort: { column: 'counting', desc: false } })[0]![1]).toBe('beta');
    expect(models({ sort: { column: 'latency', desc: false } })[0]![1]).toBe('beta');
  });

  it('sorts names as people do', () => {
    expect(models({ sort: { column: 'model', desc: false } })[0]).toEqual([
      'ours',
      'alpha 9',
      'alpha 10',
      'beta',
    ]);
  });

  it.each<[Partial<View>, string[]]>([
    [{ q: 'ALPHA  2.0' }, ['alpha 10']],
    [{ kind: 'published' }, ['gamma']],
    [{ board: 'ours', complete: true }, ['alpha 10', 'beta']],
    [{ limit: { metric: 'score', value: 0.9 } }, ['alpha 10', 'alpha 9', 'gamma']],
    // Less is better.
    [{ limit: { metric: 'l1', value: 0.2 } }, ['alpha 9']],
    [{ q: 'nobody' }, []],
  ])('of %j has %j', (view, expected) => {
    expect(models(view).flatMap(([, ...own]) => own)).toEqual(expected);
  });

  it('of a stranger is the whole table', () => {
    const strange: Partial<View> = {
      ...{ board: 'none', sort: { column: '__proto__', desc: true }, columns: ['constructor', 'nothing'] },
      limit: { metric: 'toString', value: 1 },
    };
    expect(models(strange)).toEqual(models({}));
    expect(shownColumns(table, { columns: ['constructor'] })).toEqual(shownColumns(table, { columns: null }));
  });

  it('has its columns in the order of the table', () => {
    expect(allColumns(table)).toEqual(['score', 'counting', 'l1', 'latency', 'date']);
    expect(shownColumns(table, { columns: ['latency', 'score', 'latency'] })).toEqual(['score', 'latency']);
    expect(shownColumns(table, { columns: null })).toEqual(['score', 'counting', 'l1', 'latency']);
  });
});

describe('the usual figures', () => {
  it('leave subjects to their domains where there are many', () => {
    const subjects = Array.from({ length: 30 }, (_, i) => category(`subject ${i}`));
    const domains = ['domain: Art', 'domain: Science'].map((name) => category(name, 'score', ''));
    expect(usualMetrics({ main: 'score', metrics: [metric('score'), ...domains, ...subjects] })).toEqual([
      'score',
      'domain: Art',
      'domain: Science',
    ]);
  });

  it('are the whole ones where every figure is broken down', () => {
    const metrics = [metric('score'), metric('l1'), category('score.add'), category('l1.add', 'l1')];
    expect(usualMetrics({ main: 'score', metrics })).toEqual(['score', 'l1']);
  });
});
