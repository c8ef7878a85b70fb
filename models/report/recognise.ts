import { CLASSES, COLOURS, STYLES, type Style } from '../scenes/classes';
import {
  GRID,
  LARGE,
  PLACE_NAMES,
  PLACES,
  SMALL,
  type Ground,
  type Scene,
  type Thing,
} from '../scenes/scene';
import { sprite } from '../scenes/sprites';

/**
 * Recognition by template: what stands at a place of a picture is the class and colour whose own picture, in the scene's
 * style and on its ground, is nearest in mean absolute difference. Layouts are canonical, so the places are known, and
 * no trained model has a say in the verdict. Works at 8 pixels a cell, where drawing errors of a pixel do not decide.
 */
const CELL = 8;
/** A place without an object may differ from its bare ground by this, mean absolute, of 255. */
const EMPTY = 6;

/** A sprite as a square of LARGE or SMALL cells. */
interface Template extends Thing {
  /** RGB, multiplied by what it covers. */
  colour: Float32Array;
  /** How much of each pixel it covers, 0 to 1. */
  cover: Float32Array;
}

const made = new Map<string, Template>();

function template({ classIndex, colourIndex }: Thing, style: Style, side: number): Template {
  const key = `${style}/${classIndex}/${colourIndex}/${side}`;
  const known = made.get(key);
  if (known) return known;
  // Drawn at four times the size and averaged, as a picture is when it is made smaller.
  const scale = 4;
  const n = side * CELL;
  const { data } = sprite(classIndex, colourIndex, style, n * scale);
  const colour = new Float32Array(n * n * 3);
  const cover = new Float32Array(n * n);
  for (let y = 0; y < n * scale; y++)
    for (let x = 0; x < n * scale; x++) {
      const from = (y * n * scale + x) * 4;
      const to = Math.floor(y / scale) * n + Math.floor(x / scale);
      for (let c = 0; c < 3; c++) colour[to * 3 + c]! += data[from + c]! / scale ** 2;
      cover[to]! += data[from + 3]! / 255 / scale ** 2;
    }
  const drawn = { classIndex, colourIndex, colour, cover };
  made.set(key, drawn);
  return drawn;
}

const THINGS: readonly Thing[] = CLASSES.flatMap((_, classIndex) =>
  [null, ...COLOURS.keys()].map((colourIndex) => ({ classIndex, colourIndex })),
);

/** A square picture at CELL pixels a cell: RGB, `9 * CELL` pixels a side. */
export interface SmallPicture {
  data: Uint8Array;
}
export const SMALL_SIDE = GRID * CELL;

/** A square of a picture, with the ground that the scene has there. */
interface Part {
  side: number;
  data: Float32Array;
  ground: Float32Array;
}

function crop(
  picture: SmallPicture,
  { horizon, top, bottom }: Ground,
  row: number,
  col: number,
  side: number,
): Part {
  const n = side * CELL;
  const data = new Float32Array(n * n * 3);
  const ground = new Float32Array(n * n * 3);
  for (let y = 0; y < n; y++) {
    const colour = row * CELL + y < horizon * CELL ? top : bottom;
    for (let x = 0; x < n * 3; x++) {
      data[y * n * 3 + x] = picture.data[((row * CELL + y) * SMALL_SIDE + col * CELL) * 3 + x]!;
      ground[y * n * 3 + x] = colour[x % 3]!;
    }
  }
  return { side, data, ground };
}

/** Mean absolute difference, of 255, between a part and a template on its ground, or its bare ground. */
function difference({ data, ground }: Part, drawn?: Template): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const under = ground[i]!;
    const wanted = drawn ? drawn.colour[i]! + under * (1 - drawn.cover[Math.floor(i / 3)]!) : under;
    sum += Math.abs(data[i]! - wanted);
  }
  return sum / data.length;
}

/** What a part shows: null where nothing is nearer than the bare ground. */
function nearest(part: Part, style: Style): Thing | null {
  let best: Thing | null = null;
  let least = difference(part);
  for (const thing of THINGS) {
    const d = difference(part, template(thing, style, part.side));
    if (d < least) [least, best] = [d, thing];
  }
  return best;
}

export interface Verdict {
  /** Every object is there in its class, colour, style and place, and nothing else is. */
  right: boolean;
  reason: string;
}

const named = (t: Thing) =>
  `${t.colourIndex === null ? '' : `${COLOURS[t.colourIndex]!.name} `}${CLASSES[t.classIndex]!.name}`;

/** Judges a picture against the scene that it should show. */
export function judge(picture: SmallPicture, { style, ground, objects }: Scene): Verdict {
  const wrong: string[] = [];
  // The style is one for all objects: of each, how far the picture is from them.
  const away = new Map<Style, number>(STYLES.map((s) => [s, 0]));
  for (const o of objects) {
    const part = crop(picture, ground, o.row, o.col, o.side);
    const seen = nearest(part, style);
    if (!seen) wrong.push(`no ${named(o)}`);
    else if (seen.classIndex !== o.classIndex || seen.colourIndex !== o.colourIndex)
      wrong.push(`${named(seen)} for ${named(o)}`);
    for (const s of STYLES) away.set(s, away.get(s)! + difference(part, template(o, s, o.side)));
  }
  const likest = STYLES.find((s) => away.get(s)! < away.get(style)!);
  if (likest && wrong.length === 0) wrong.push(`${likest} for ${style}`);
  if (objects.every((o) => o.side !== LARGE))
    for (const p of PLACE_NAMES) {
      const [row, col] = PLACES[p];
      if (objects.some((o) => Math.abs(o.row - row) < SMALL && Math.abs(o.col - col) < SMALL)) continue;
      if (difference(crop(picture, ground, row, col, SMALL)) >= EMPTY) wrong.push(`something at ${p}`);
    }
  return { right: wrong.length === 0, reason: wrong.join(', ') };
}
