import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { editingMetrics } from '../../../eval/benchmarks/editing/score';
import { TAGS } from '../../../eval/benchmarks/geneval/types';
import { sharedData } from '../../../models/runtime/testing/shared-data';
import { inconsistencies, readPublished, type PublishedRow } from '.';
import geneval from './nexus-gen-geneval.json';
import imagepulse from './nexus-gen-imagepulse.json';
import understanding from './nexus-gen-understanding.json';
import { publishedTableSchema } from './schema';

const rows = readPublished();
const shared = sharedData('published');

describe('the published results', () => {
  it('are rows that say where they are from; what is not reported is none', () => {
    expect(rows).toHaveLength(78 + 65 + 28);
    const { source, ...row } = rows.find(
      ({ benchmark, model }) => benchmark === 'mmmu' && model === 'Nexus-Gen 7B',
    )!;
    expect(source).toMatch(/^Nexus-Gen: Unified .* \(arXiv 2504\.21356\)$/);
    expect(row).toEqual({
      benchmark: 'mmmu',
      model: 'Nexus-Gen 7B',
      metric: 'accuracy',
      value: 45.7,
      unit: 'percent',
      decimals: 1,
      table: 1,
      protocol: 'MMMU',
      transcribed: '2026-11-21',
    });
    const transfusion = rows.filter(({ model }) => model === 'Transfusion');
    expect(transfusion.map(({ metric, value }) => [metric, value])).toEqual([['overall', 0.63]]);
    const keys = rows.map(({ source, table, model, metric }) => [source, table, model, metric].join('|'));
    expect(new Set(keys).size).toBe(rows.length);
  });

  it('name metrics as runs do', () => {
    const metrics = (name: string) => [
      ...new Set(rows.filter(({ benchmark }) => benchmark === name).map(({ metric }) => metric)),
    ];
    expect(metrics('geneval')).toEqual([...TAGS, 'overall']);
    expect(metrics('imagepulse')).toEqual([...editingMetrics]);
  });

  it.skipIf(shared === null).each([
    ['understanding', understanding],
    ['geneval', geneval],
    ['imagepulse', imagepulse],
  ])('are those of the table of %s', (name, table) => {
    const [head, ...lines] = readFileSync(`${shared}/nexus-gen-paper-${name}.csv`, 'utf8').trim().split('\n');
    expect(table.metrics.map(({ column }) => column)).toEqual(head!.split(',').slice(1));
    const values = lines.map((line) => {
      const [model, ...cells] = line.split(',');
      return [model!.replace(' (Ours)', ''), ...cells.map((cell) => (cell === '' ? null : Number(cell)))];
    });
    expect(table.rows).toEqual(values);
  });
});

describe('inconsistencies', () => {
  it('are the overalls that are not the mean of their categories', () => {
    const found = inconsistencies(rows);
    expect(found.map(({ row, mean }) => [row.model, row.value, mean.toFixed(2)])).toEqual([
      ['TokenFlow-XL', 0.55, '0.53'],
    ]);
  });

  it('need all categories of the same row, and allow either rounding of a half', () => {
    const one = rows.find(({ benchmark, metric }) => benchmark === 'geneval' && metric === 'overall')!;
    const row = (metric: string, value: number): PublishedRow => ({ ...one, model: 'x', metric, value });
    const half = TAGS.map((tag, i) => row(tag, i % 2 === 0 ? 0.5 : 0.51));
    for (const value of [0.5, 0.51]) expect(inconsistencies([...half, row('overall', value)])).toEqual([]);
    expect(inconsistencies([...half, row('overall', 0.52)])).toMatchObject([
      { mean: expect.closeTo(0.505, 12) },
    ]);
    expect(inconsistencies([...half.slice(1), row('overall', 0.9)])).toEqual([]);
    const elsewhere = half.map((other) => ({ ...other, table: 9 }));
    expect(inconsistencies([...elsewhere, row('overall', 0.9)])).toEqual([]);
  });
});

describe('the schema', () => {
  it.each([
    ['a value too few', { rows: [['x', 0.5]] }, 'x has 1 values'],
    ['a percentage for a share', { rows: [['x', 55, ...Array<null>(6).fill(null)]] }, '55 is no share'],
    [
      'more decimals than printed',
      { rows: [['x', 0.555, ...Array<null>(6).fill(null)]] },
      'more than 2 decimals',
    ],
    ['a model twice', { rows: [geneval.rows[0], geneval.rows[0]] }, 'two rows of one model'],
    ['a metric twice', { metrics: Array(7).fill(geneval.metrics[0]) }, 'two columns of one metric'],
  ])('refuses %s', (_, change, message) => {
    const { error } = publishedTableSchema.safeParse({ ...geneval, ...change });
    expect(error?.message).toContain(message);
  });
});
