/** Okabe and Ito's colours, told apart by people with any kind of colour blindness; without their black. */
const palette = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'] as const;

/** Those on which black is read better than white. */
const light = new Set<string>(['#e69f00', '#56b4e9', '#f0e442', '#cc79a7']);

/** A colour for each class, in the order in which the classes come; after seven they come again. */
export function coloursOf(classes: readonly string[]): Map<string, string> {
  const distinct = [...new Set(classes)];
  return new Map(distinct.map((name, i) => [name, palette[i % palette.length]!]));
}

/** The colour of words on one of these. */
export const wordsOn = (colour: string): string => (light.has(colour) ? '#000000' : '#ffffff');
