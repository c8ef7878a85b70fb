import { expect, test } from 'vitest';
import { loadCompareUrl, metricOf, pairsInput, swapped } from './url-state';
import { pText } from './verdict';

const [first, second] = ['0b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c11', '1b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c12'];
const read = (query: string) => loadCompareUrl(new URLSearchParams(query));

test('ids that are none, and sides that there are not, are left out', () => {
  expect(read(`first=${first}&second=nobody&which=all`)).toMatchObject({
    ...{ first, second: null, which: null },
  });
});

test('swapped twice is the same comparison; what one gained the other lost', () => {
  const url = read(`first=${first}&second=${second}&which=gained`);
  const once = { ...url, ...swapped(url) };
  expect(once).toMatchObject({ first: second, second: first, which: 'lost' });
  expect({ ...once, ...swapped(once) }).toEqual(url);
});

test('the lost items come first, of the groups that there are', () => {
  const url = read('group=counting&group=nowhere');
  expect(pairsInput({ first, second }, 'correct', url, ['counting', 'colors'])).toEqual({
    ...{ first, second, metric: 'correct', which: 'lost', groups: ['counting'], limit: 50 },
  });
});

test('an unknown metric is the first that there is', () => {
  expect(metricOf('x', [{ metric: 'correct' }])).toBe('correct');
  expect(metricOf(null, [])).toBeNull();
});

test.each([
  [0.00001, 'p < 0.001'],
  [0.0312, 'p = 0.031'],
  [0.5, 'p = 0.50'],
  [1, 'p = 1.00'],
])('%d is written %s', (p, text) => {
  expect(pText(p)).toBe(text);
});
