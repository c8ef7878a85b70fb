import { expect, test } from 'vitest';
import { agreementLevel } from './agreement-level';

test.each([
  [1, 'reliable'],
  [0.8, 'reliable'],
  [0.79, 'tentative'],
  [0.667, 'tentative'],
  [0.66, 'unreliable'],
  [-1, 'unreliable'],
])('a coefficient of %d is %s', (value, word) => {
  expect(agreementLevel(value)).toBe(word);
});
