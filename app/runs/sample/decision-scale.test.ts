import { expect, test } from 'vitest';
import { placeOn, scaleOf, type Decision } from './decision-scale';

const decision = (part: Partial<Decision>): Decision => ({
  ...{ what: 'count: dog', value: 0.8, threshold: 0.3, margin: 0.5, passed: true },
  ...part,
});

test('scores are drawn from 0 to 1, offsets as far as they reach, colours about their threshold', () => {
  expect(scaleOf(decision({}))).toEqual([0, 1]);
  expect(scaleOf(decision({ what: 'position: left of dog', value: -0.7, threshold: 0.5 }))).toEqual([
    -0.7, 1,
  ]);
  const [low, high] = scaleOf(
    decision({ what: 'colour: red dog', value: 0.24, threshold: 0.25, margin: -0.01 }),
  );
  expect([low, high]).toEqual([0.2, 0.3]);
});

test('a value outside of its scale stands at its end', () => {
  expect(placeOn([0, 1], 0.25)).toBe(0.25);
  expect(placeOn([0, 1], 7)).toBe(1);
  expect(placeOn([0, 1], -7)).toBe(0);
  expect(placeOn([1, 1], 1)).toBe(0.5);
});
