import { expect, test } from 'vitest';
import { alphaWord, kappaWord } from './meaning';

test.each([
  [-0.1, 'poor'],
  [0, 'slight'],
  [0.2, 'slight'],
  [0.21, 'fair'],
  [0.41, 'moderate'],
  [0.61, 'substantial'],
  [0.8, 'substantial'],
  [0.81, 'almostPerfect'],
  [1, 'almostPerfect'],
])('a kappa of %d is %s', (value, word) => {
  expect(kappaWord(value)).toBe(word);
});

test.each([
  [0.8, 'reliable'],
  [0.79, 'tentative'],
  [0.667, 'tentative'],
  [0.66, 'unreliable'],
  [-1, 'unreliable'],
])('an alpha of %d is %s', (value, word) => {
  expect(alphaWord(value)).toBe(word);
});
