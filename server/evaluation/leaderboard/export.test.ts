import { describe, expect, it } from 'vitest';
import { exportTable } from './export';
import { factsOf, marksOf, toldParts } from './facts';
import { exportFormats, type Board, type Leaderboard, type LeaderboardRow, type Provenance } from './schema';
import { allColumns, shownColumns, wholeView } from './view';

/** A row that has everything a row can have, each with a text that is found nowhere else. */
const row: LeaderboardRow = {
  ...{
    id: 'run:1',
    kind: 'measured',
    model: 'modelname',
    version: '7.1',
    name: '第一次',
    note: 'noted',
    tags: ['tagged'],
  },
  ...{
    modelKind: 'imported',
    runId: '0b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c11',
    recorded: true,
    board: 'run-zh',
  },
  figures: {
    accuracy: { value: 0.8125, decimals: 3, interval: [0.7211, 0.8977], n: 553 },
    counting: { value: 0.4444, decimals: 3, interval: null, n: 80 },
  },
  ...{ rank: 3, groups: 'bc', incomplete: true, latencyMs: 1234, inconsistentMean: 0.65432 },
  provenance: {
    ...{
      by: 'this installation',
      place: 'Table 9',
      url: 'https://source.test/x',
      commit: 'c0ffee'.repeat(6),
      dirty: true,
    },
    evaluators: [{ kind: 'detector', name: 'seer', version: '4', hash: 'abcdef012345ff' }],
    ...{
      preset: 'chosen-42',
      settings: { language: 'zh', steps: 17 },
      protocol: 'geneval 1',
      dataset: 'd5'.repeat(32),
    },
    ...{ fingerprint: 'f1'.repeat(32), date: new Date('2026-03-04T00:00:00Z') },
  },
};
const board = (id: string, language: string): Board => ({
  ...{ id, kind: 'measured', title: 'measured · geneval 1 · seer 4', protocol: 'geneval 1', published: null },
  measured: { evaluators: ['seer 4'], items: 553, repeats: 4, whole: true },
  distinct: { 'settings.language': language, 'settings.decoder': '', 'evaluators.detector': 'seer 4' },
  test: {
    ...{
      name: 'mcnemar',
      correction: 'Holm',
      level: 0.05,
      pairs: 190,
      pending: 0,
      rows: 20,
      untested: 6,
      items: 541,
    },
  },
});
const metric = (name: string, category: boolean): Leaderboard['metrics'][number] => ({
  ...{ metric: name, better: 'higher', unit: 'share', decimals: 3, ofSamples: false },
  ...{ category, of: 'accuracy', group: category ? name : '', secondary: false },
});
const table: Leaderboard = {
  benchmark: { name: 'geneval', title: 'GenEval', task: 'generate', synthetic: true },
  main: 'accuracy',
  metrics: [metric('accuracy', false), metric('counting', true)],
  boards: [board('run-en', 'en'), board('run-zh', 'zh')],
  rows: [{ ...row, id: 'run:0', board: 'run-en' }, row],
};
const view = { ...wholeView, columns: allColumns(table) };
const file = (format: (typeof exportFormats)[number], of: Leaderboard = table) =>
  exportTable(of, view, format);

/** What every file says of each part of a row. A part that is added to a row is missed here by the compiler. */
const ofRow = {
  ...{ kind: 'measured', model: 'modelname', version: '7.1', name: '第一次', note: 'noted', tags: 'tagged' },
  ...{
    modelKind: 'imported',
    runId: '0b9c7a52',
    recorded: 'recorded',
    figures: '0.81',
    rank: '3',
    groups: 'bc',
  },
  ...{ incomplete: 'incomplete', latencyMs: '1234', inconsistentMean: '0.654', provenance: 'c0ffeec0ffee' },
  // Ids tell nothing to people; the board is told by its title.
  ...{ id: null, board: 'seer 4' },
} satisfies Record<keyof LeaderboardRow, string | null>;
const ofProvenance = {
  ...{
    by: 'this installation',
    commit: 'c0ffeec0ffee',
    evaluators: 'seer 4',
    preset: 'chosen-42',
    settings: '17',
  },
  ...{ protocol: 'geneval 1', dataset: 'd5d5d5d5', fingerprint: 'f1f1f1f1', date: '2026-03-04' },
  // Of published rows, which are below.
  ...{ place: null, url: null, dirty: null },
} satisfies Record<keyof Provenance, string | null>;
const ofBoard = {
  ...{ kind: 'measured', title: 'seer 4', protocol: 'geneval 1', distinct: 'zh', test: '541' },
  ...{ id: null, measured: 'seer 4', published: null },
} satisfies Record<keyof Board, string | null>;

describe.each(exportFormats)('as %s', (format) => {
  it.each(Object.entries({ ...ofBoard, ...ofProvenance, ...ofRow }).filter(([, text]) => text !== null))(
    'the %s of a board or row is there',
    (_, text) => {
      expect(file(format)).toContain(text);
    },
  );

  it('intervals and n are there', () => {
    const text = file(format);
    for (const one of ['553', format === 'csv' || format === 'json' ? '0.7211' : '0.721'])
      expect(text).toContain(one);
  });

  it('two boards that differ in the language of the prompts alone read differently', () => {
    const only = (id: string) =>
      exportTable(
        { ...table, rows: [{ ...row, provenance: { ...row.provenance, settings: {} }, board: id }] },
        view,
        format,
      ).replaceAll(id, '');
    expect(only('run-en')).not.toBe(only('run-zh'));
    expect(only('run-zh')).toContain('zh');
  });

  it('what a published row has is there too', () => {
    const published: Board = {
      ...board('paper', 'en'),
      ...{
        kind: 'published',
        title: 'published · A paper, Table 9',
        measured: null,
        distinct: {},
        test: null,
      },
      published: { source: 'A paper', place: 'Table 9' },
    };
    const text = file(format, {
      ...table,
      boards: [published],
      rows: [{ ...row, kind: 'published', board: 'paper' }],
    });
    for (const one of ['A paper', 'Table 9', 'https://source.test/x']) expect(text).toContain(one);
  });
});

it('files for people have the columns that the page shows, in its order', () => {
  const shown = shownColumns(table, view);
  expect(shown).toEqual(['groups', 'accuracy', 'counting', 'latency', 'date']);
  const head = file('md')
    .split('\n')
    .find((line) => line.startsWith('| rank'))!;
  expect(head).toBe(
    '| rank | model | kind | groups | accuracy | counting | n | latency (ms, median) | date |',
  );
  const fewer = exportTable(table, { ...view, columns: ['accuracy'] }, 'md');
  expect(fewer).toContain('| rank | model | kind | groups | accuracy | n |\n');
});

it('the page and the files go by the same marks, parts and facts', () => {
  expect(marksOf(row, 'accuracy').map(({ mark }) => mark)).toEqual([
    ...['recorded', 'imported', 'incomplete', 'inconsistent'],
  ]);
  expect(toldParts(table.boards[1]!)).toEqual([
    { name: 'settings.language', value: 'zh' },
    { name: 'settings.decoder', value: '' },
  ]);
  expect(factsOf(row).map(({ name }) => name)).toEqual([
    ...[
      'by',
      'date',
      'commit',
      'evaluators',
      'preset',
      'settings',
      'latency',
      'protocol',
      'dataset',
      'fingerprint',
      'run',
    ],
  ]);
});

it('while tests are missing, the files say so instead of leaving the letters out without a word', () => {
  const waiting = {
    ...board('run-zh', 'zh'),
    test: { ...board('run-zh', 'zh').test!, pending: 4, pairs: 6 },
  };
  for (const format of ['csv', 'md', 'tex'] as const)
    expect(file(format, { ...table, boards: [waiting], rows: [row] })).toContain('4 of 6 tests');
});
