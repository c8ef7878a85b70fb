import { expect, test } from 'vitest';
import { countValues, prevalentValue, specificAgreement } from '.';

const times = <T>(n: number, unit: T): T[] => Array<T>(n).fill(unit);
const close = (share: number) => expect.closeTo(share, 12);

test('two raters and two values: positive and negative agreement', () => {
  // a = 40, b + c = 9 + 6, d = 45.
  const units = countValues([
    ...times(40, ['pass', 'pass']),
    ...times(9, ['pass', 'fail']),
    ...times(6, ['fail', 'pass']),
    ...times(45, ['fail', 'fail']),
  ]);
  expect(specificAgreement(units)).toEqual([
    { value: 'fail', share: close(90 / 105) },
    { value: 'pass', share: close(80 / 95) },
  ]);
  expect(prevalentValue(units, 0.9)).toBeNull();
});

test('it does not fall with prevalence as kappa does', () => {
  // Feinstein and Cicchetti: 90 % the same, and kappa is below 0.
  const units = countValues([...times(90, [1, 1]), ...times(5, [1, 0]), ...times(5, [0, 1])]);
  expect(specificAgreement(units)).toEqual([
    { value: 0, share: 0 },
    { value: 1, share: close(180 / 190) },
  ]);
  expect(prevalentValue(units, 0.9)).toEqual({ value: 1, share: close(0.95) });
});

test('several raters, missing ratings; units that were rated once count nowhere', () => {
  const units = countValues([['a', 'a', 'b'], ['a', null, 'a'], ['b'], ['c', undefined]]);
  // a: (2 · 1 + 2 · 1) / (2 · 2 + 2 · 1); b: 0 / (1 · 2).
  expect(specificAgreement(units)).toEqual([
    { value: 'a', share: close(4 / 6) },
    { value: 'b', share: 0 },
  ]);
  expect(prevalentValue(units, 0.8)).toBeNull();
  expect(prevalentValue(units, 0.7)).toEqual({ value: 'a', share: 0.8 });
});

test('nothing was rated', () => {
  expect(specificAgreement(countValues<string>([]))).toEqual([]);
  expect(prevalentValue(countValues<string>([]), 0.9)).toBeNull();
});
