import { expect, test } from 'vitest';
import { coloursOf, wordsOn } from './class-colours';

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
