import { expect, test } from 'vitest';
import { figureOf, figureText, figureWithUnit } from './metric';

test('a figure is told in its unit, with the places of its metric', () => {
  expect(figureWithUnit(0.457, figureOf('mmmu', 'accuracy'))).toBe('45.7 %');
  expect(figureText(1, figureOf('mmmu', 'accuracy'))).toBe('100.0');
  expect(figureWithUnit(0.7712345, figureOf('geneval', 'accuracy'))).toBe('0.771');
  expect(figureText(-0.0001, figureOf('imagepulse', 'dino_o'))).toBe('0.000');
  expect(figureText(-0.2)).toBe('-0.200');
  expect(figureOf('unknown', 'accuracy')).toBeUndefined();
});
