import { createSerializer } from 'nuqs/server';
import { expect, test } from 'vitest';
import {
  filterCount,
  filterOf,
  filterParsers,
  loadRunUrl,
  noFilter,
  reviewHref,
  samplesHref,
  viewOf,
} from './url-state';

const run = {
  groups: ['counting', 'colors', 'Clinical, Medicine'],
  metrics: [
    { metric: 'correct', ofSamples: true },
    { metric: 'dino_o', ofSamples: true },
    { metric: 'accuracy', ofSamples: false },
  ],
};
const read = (query: string) => loadRunUrl(new URLSearchParams(query));
const filter = (query: string) => filterOf(read(query), run);

test('an address without anything asks for everything, in the order of the items', () => {
  expect(filter('')).toEqual({ order: 'item' });
  expect(filterCount(filter(''))).toBe(0);
});

test('everything that can be asked for stands in the address and comes back from it', () => {
  const query =
    'group=counting&group=Clinical%2C+Medicine&verdict=wrong&state=scored&reason=expected&q=red+dog&metric=dino_o&min=-0.25&max=1&order=margin';
  expect(filter(query)).toEqual({
    groups: ['counting', 'Clinical, Medicine'],
    ...{ verdict: 'wrong', state: 'scored', reason: 'expected', query: 'red dog' },
    ...{ metric: 'dino_o', min: -0.25, max: 1, order: 'margin' },
  });
  const url = read(query);
  expect(read(createSerializer(filterParsers)(url).slice(1))).toEqual(url);
  // A range is one thing.
  expect(filterCount(filter(query))).toBe(6);
});

test('what a stranger writes into the address is as if it were not there', () => {
  expect(
    filter('group=nowhere&verdict=maybe&state=odd&metric=passwords&min=1e999&max=0x10&order=random&utm=1'),
  ).toEqual({ order: 'item' });
  expect(read('sample=../../etc/passwd').sample).toBeNull();
  expect(read('sample=0B9C7A52-8F6E-4C55-9A41-0B1D6F0D2C11').sample).toBe(
    '0b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c11',
  );
  expect(read('view=admin').view).toBeNull();
  expect(read('threshold=NaN').threshold).toBeNull();
});

test('absurd lengths are cut, and what the database cannot keep is taken out', () => {
  expect(filter(`q=${'a'.repeat(100_000)}`).query).toHaveLength(200);
  expect(filter(`q=${encodeURIComponent('red\u0000dog\n')}`).query).toBe('red dog');
  // Cut through the middle of a character.
  expect(filter(`q=${encodeURIComponent(`${'a'.repeat(199)}😀`)}`).query).toBe(`${'a'.repeat(199)}\ufffd`);
  expect(filter(`q=${encodeURIComponent(' \t ')}`).query).toBeUndefined();
  const many = Array.from({ length: 5000 }, (_, i) => `group=g${i}`).join('&');
  expect(filterOf(read(many), { ...run, groups: ['g0', 'g99', 'g100'] }).groups).toEqual(['g0', 'g99']);
  expect(filter('group=counting&group=counting').groups).toEqual(['counting']);
});

test('a range needs the metric that it is of', () => {
  expect(filter('min=0.5')).toEqual({ order: 'item' });
  expect(filter('metric=accuracy&min=0.5')).toEqual({ order: 'item' });
  expect(filterCount(filter('metric=dino_o'))).toBe(0);
});

test('scripts stay words', () => {
  expect(filter(`q=${encodeURIComponent('<script>alert(1)</script>')}`).query).toBe(
    '<script>alert(1)</script>',
  );
});

test.each([
  ['', 'overview'],
  ['group=counting&verdict=wrong', 'samples'],
  ['order=margin', 'samples'],
  ['sample=0b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c11', 'overview'],
  ['threshold=0.5', 'thresholds'],
  ['view=overview&q=dog', 'overview'],
])('%j opens %s', (query, view) => {
  expect(viewOf(read(query))).toBe(view);
});

test('a link to samples is read as it was meant', () => {
  const href = samplesHref('run', { group: 'Clinical, Medicine', verdict: 'wrong' });
  const url = read(href.split('?')[1] ?? '');
  expect(url).toMatchObject({ ...noFilter, group: ['Clinical, Medicine'], verdict: 'wrong' });
  expect(viewOf(url)).toBe('samples');
});

test('what is looked at is what is reviewed', () => {
  expect(reviewHref('run', filter('group=counting&group=colors&verdict=wrong&order=margin'))).toBe(
    '/reviews/new?run=run&verdict=wrong&group=counting&group=colors',
  );
});
