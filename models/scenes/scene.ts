import { CLASSES, COLOURS, isHeldOutPair, type Style } from './classes';
import type { Random } from './random';

/**
 * A scene: objects on a ground, in a square of 9 × 9 cells, the grid of the model's 81 image tokens. All
 * places are whole cells and each layout is canonical, because embeddings are regressed: an open layout
 * would average into mush. A picture of another shape shows the square in its middle.
 */
export const GRID = 9;
/** Sides in cells: a thing alone is large, things in company are small. */
export const LARGE = 5;
export const SMALL = 3;

export interface SceneObject {
  /** Index into CLASSES. */
  classIndex: number;
  /** Index into COLOURS, or null for the thing's own colours. */
  colourIndex: number | null;
  /** Top left corner and side, in cells. */
  row: number;
  col: number;
  side: number;
  /** Offset from the cell grid in cells (|value| < 0.5); 0 where nothing says otherwise. */
  jitter: readonly [number, number];
}

export interface Ground {
  /** sRGB, 0 to 255. */
  top: readonly [number, number, number];
  bottom: readonly [number, number, number];
  /** The row of cells where `bottom` begins; GRID for a plain ground. */
  horizon: number;
}

export interface Scene {
  style: Style;
  ground: Ground;
  objects: SceneObject[];
}

const plain = (r: number, g: number, b: number): Ground => ({
  top: [r, g, b],
  bottom: [r, g, b],
  horizon: GRID,
});

/** The ground of every caption that names none. */
export const DEFAULT_GROUND = plain(205, 216, 228);
export const OTHER_GROUNDS: readonly Ground[] = [
  plain(226, 221, 210),
  plain(208, 226, 212),
  plain(232, 214, 218),
  plain(214, 210, 232),
  plain(190, 196, 204),
  { top: [198, 222, 240], bottom: [196, 214, 178], horizon: 6 },
  { top: [236, 228, 214], bottom: [206, 188, 166], horizon: 6 },
];

export const PLACES = {
  'top left': [1, 1],
  top: [1, 3],
  'top right': [1, 5],
  left: [3, 1],
  center: [3, 3],
  right: [3, 5],
  'bottom left': [5, 1],
  bottom: [5, 3],
  'bottom right': [5, 5],
} as const satisfies Record<string, readonly [number, number]>;
export type Place = keyof typeof PLACES;
export const PLACE_NAMES = Object.keys(PLACES) as Place[];

/** The place whose corner this object's is. A large object alone is in the center. */
export function placeOf(object: SceneObject): Place {
  if (object.side === LARGE) return 'center';
  const found = PLACE_NAMES.find((p) => PLACES[p][0] === object.row && PLACES[p][1] === object.col);
  if (!found) throw new Error(`no place has its corner at ${object.row}, ${object.col}`);
  return found;
}

export const overlaps = (a: Place, b: Place): boolean =>
  Math.abs(PLACES[a][0] - PLACES[b][0]) < SMALL && Math.abs(PLACES[a][1] - PLACES[b][1]) < SMALL;

/** Where n things go when the caption names no places; one thing alone is large. */
const CANONICAL: Record<number, readonly Place[]> = {
  2: ['left', 'right'],
  3: ['top left', 'top right', 'bottom'],
  4: ['top left', 'top right', 'bottom left', 'bottom right'],
};

export type Thing = Pick<SceneObject, 'classIndex' | 'colourIndex'>;

export const at = (thing: Thing, place: Place): SceneObject => ({
  ...thing,
  row: PLACES[place][0],
  col: PLACES[place][1],
  side: SMALL,
  jitter: [0, 0],
});

/** One to four things in the canonical layout for their number. */
export function arrange(things: readonly Thing[]): SceneObject[] {
  if (things.length === 1) {
    const corner = (GRID - LARGE) / 2;
    return [{ ...things[0]!, row: corner, col: corner, side: LARGE, jitter: [0, 0] }];
  }
  const places = CANONICAL[things.length];
  if (!places) throw new RangeError(`a scene holds one to four things, not ${things.length}`);
  return things.map((thing, i) => at(thing, places[i]!));
}

export type Split = 'train' | 'test';

/** A class and, with probability `coloured`, a colour. Training leaves out the held-out pairs. */
export function randomThing(random: Random, split: Split, coloured: number): Thing {
  const classIndex = random.int(CLASSES.length);
  if (!random.chance(coloured)) return { classIndex, colourIndex: null };
  let colourIndex = random.int(COLOURS.length);
  while (split === 'train' && isHeldOutPair(classIndex, colourIndex))
    colourIndex = random.int(COLOURS.length);
  return { classIndex, colourIndex };
}

/** Things of different classes. */
export function differentThings(random: Random, split: Split, n: number, coloured: number): Thing[] {
  const things: Thing[] = [];
  while (things.length < n) {
    const thing = randomThing(random, split, coloured);
    if (!things.some((t) => t.classIndex === thing.classIndex)) things.push(thing);
  }
  return things;
}

export function randomGround(random: Random, other: number): Ground {
  return random.chance(other) ? random.pick(OTHER_GROUNDS) : DEFAULT_GROUND;
}

/** Places for n objects that do not overlap, in random order. */
export function randomPlaces(random: Random, n: number): Place[] {
  for (;;) {
    const chosen: Place[] = [];
    for (const place of random.shuffle(PLACE_NAMES))
      if (chosen.length < n && !chosen.some((c) => overlaps(c, place))) chosen.push(place);
    if (chosen.length === n) return chosen;
  }
}
