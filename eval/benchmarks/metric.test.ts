import { expect, test } from 'vitest';
import { metricOf } from '.';
import { figureText, figureWithUnit } from './metric';

test('a value is told in its unit, with the places of its metric', () => {
  expect(figureWithUnit(0.457, metricOf('mmmu', 'accuracy'))).toBe('45.7 %');
  expect(figureText(1, metricOf('mmmu', 'accuracy'))).toBe('100.0');
  expect(figureWithUnit(0.7712345, metricOf('geneval', 'accuracy'))).toBe('0.771');
  expect(figureText(-0.0001, metricOf('imagepulse', 'dino_o'))).toBe('0.000');
  expect(figureText(-0.2)).toBe('-0.200');
  expect(metricOf('unknown', 'accuracy')).toBeUndefined();
  expect(metricOf('constructor', 'accuracy')).toBeUndefined();
});
