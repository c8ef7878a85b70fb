import { expect, test } from 'vitest';
import type { GenerationView } from '@/server/demo/schema';
import { downloadUrl, etaOf, groupByGrid, pictureOf, readTimings } from './result-format';

const generation = (fields: object) =>
  ({ prompt: '', parameters: {}, grid: null, ...fields }) as unknown as GenerationView;

test.each([
  [
    { low: 4200, high: 9100 },
    { low: 4, high: 10, unit: 'second' },
  ],
  [
    { low: 400, high: 1000 },
    { low: 1, high: 1, unit: 'second' },
  ],
  [{ low: 100, high: 300 }, 'soon' as const],
  [
    { low: 50_000, high: 130_000 },
    { low: 1, high: 3, unit: 'minute' },
  ],
  [{ low: null, high: null }, null],
  [{}, null],
])('a result expected in %o is told as %o', (place, told) => {
  expect(etaOf(place)).toEqual(told);
});

test('stages come in their order, those of one name as one, and what was measured as a whole is the whole', () => {
  // The order in which the database gives the keys of a JSON object back.
  const timings = { vae: 3, future: 1, decode: 0, denoise: 40, preface: 2, condition: 5, embeddings: 4 };
  expect(readTimings(timings)).toEqual({
    rows: [
      ['preface', 2],
      ['embeddings', 4],
      ['condition', 5],
      ['denoise', 40],
      ['vae', 3],
      ['future', 1],
    ],
    total: 55,
  });
  const name = (stage: string) =>
    ['preface', 'embeddings', 'condition'].includes(stage) ? 'Composing' : stage;
  expect(readTimings({ ...timings, total: 60 }, name)).toEqual({
    rows: [
      ['Composing', 11],
      ['denoise', 40],
      ['vae', 3],
      ['future', 1],
    ],
    total: 60,
  });
});

test('a file is named after prompt and seed, and can do without the settings', () => {
  const made = generation({ prompt: 'A photo: "two" <red> apples/..', parameters: { seed: 7 } });
  expect(downloadUrl(made, 'ab')).toBe('/api/images/ab?download=a-photo-two-red-apples-7.png');
  expect(downloadUrl(made, 'ab', true)).toBe('/api/images/ab?download=a-photo-two-red-apples-7.png&plain=1');
  expect(downloadUrl(generation({ prompt: '…' }), 'ab')).toContain('download=picture.png');
});

test('neighbours of one grid are one group; another between them divides it', () => {
  const cell = (id: string, grid: string | null) =>
    generation({ id, grid: grid && { id: grid, x: 0, y: 0 } });
  const items = [
    cell('1', null),
    cell('2', 'a'),
    cell('3', 'a'),
    cell('4', 'b'),
    cell('5', null),
    cell('6', 'a'),
  ];
  expect(groupByGrid(items).map((group) => group.map(({ id }) => id))).toEqual([
    ['1'],
    ['2', '3'],
    ['4'],
    ['5'],
    ['6'],
  ]);
});

test('a question shows the picture it is about; an edit without a result shows none', () => {
  const source = { hash: 'a', width: 1, height: 1 };
  expect(pictureOf(generation({ task: 'understand', picture: null, source }))).toBe(source);
  expect(pictureOf(generation({ task: 'edit', picture: null, source }))).toBeNull();
});
