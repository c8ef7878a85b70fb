import { expect, test } from 'vitest';
import { agreementWord } from './meaning';

test.each([
  [1, 'reliable'],
  [0.8, 'reliable'],
  [0.79, 'tentative'],
  [0.667, 'tentative'],
  [0.66, 'unreliable'],
  [-1, 'unreliable'],
])('a coefficient of %d is %s', (value, word) => {
  expect(agreementWord(value)).toBe(word);
});
