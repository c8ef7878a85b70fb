import { expect, test } from 'vitest';
import { coloursOf, wordsOn } from './colours';
import { placeOn, scaleOf, type Decision } from './decision-scale';

/** Relative luminance (WCAG 2.2). */
const luminance = (colour: string): number => {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};

test('classes have colours of their own, the same class the same one', () => {
  const colours = coloursOf(['dog', 'cat', 'dog', 'bench']);
  expect([...colours.keys()]).toEqual(['dog', 'cat', 'bench']);
  expect(new Set(colours.values()).size).toBe(3);
  expect(coloursOf(Array.from({ length: 9 }, (_, i) => `class ${i}`)).size).toBe(9);
});

test('names can be read on every colour', () => {
  const colours = new Set(coloursOf(Array.from({ length: 7 }, (_, i) => String(i))).values());
  for (const colour of colours) {
    const [a, b] = [luminance(colour), luminance(wordsOn(colour))];
    expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).toBeGreaterThanOrEqual(3);
  }
});

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
