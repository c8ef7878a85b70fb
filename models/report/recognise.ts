import { CLASSES, COLOURS } from '../scenes/classes';
import {
  DEFAULT_GROUND,
  GRID,
  LARGE,
  PLACE_NAMES,
  PLACES,
  SMALL,
  type Scene,
  type Thing,
} from '../scenes/scene';
import { sprite } from '../scenes/sprites';

/**
 * Recognition by template: what stands at a place of a picture is the class and colour whose own picture is
 * nearest in mean absolute difference. Layouts are canonical, so the places are known, and no trained model
 * has a say in the verdict. Works at 8 pixels a cell, where drawing errors of a pixel do not decide.
 */
const CELL = 8;
/** A place whose mean absolute difference to the bare ground is below this (of 255) is empty. */
const EMPTY = 6;

interface Template extends Thing {
  /** Squares of LARGE or SMALL cells: RGB on the default ground. */
  data: Float32Array;
}

const templates = new Map<number, Template[]>();

function templatesOf(side: number): Template[] {
  const known = templates.get(side);
  if (known) return known;
  const made: Template[] = [];
  for (let classIndex = 0; classIndex < CLASSES.length; classIndex++)
    for (const colourIndex of [null, ...COLOURS.keys()])
      made.push({ classIndex, colourIndex, data: onGround(classIndex, colourIndex, side * CELL) });
  templates.set(side, made);
  return made;
}

function onGround(classIndex: number, colourIndex: number | null, side: number): Float32Array {
  // Drawn at four times the size and averaged, as a picture is when it is made smaller.
  const scale = 4;
  const { data } = sprite(classIndex, colourIndex, 'noto', side * scale);
  const out = new Float32Array(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let dy = 0; dy < scale; dy++)
          for (let dx = 0; dx < scale; dx++) {
            const i = ((y * scale + dy) * side * scale + x * scale + dx) * 4;
            sum += data[i + c]! + DEFAULT_GROUND.top[c]! * (1 - data[i + 3]! / 255);
          }
        out[(y * side + x) * 3 + c] = sum / scale ** 2;
      }
  return out;
}

/** A square picture at CELL pixels a cell: RGB, `9 * CELL` pixels a side. */
export interface SmallPicture {
  data: Uint8Array;
}
export const SMALL_SIDE = GRID * CELL;

function crop(picture: SmallPicture, row: number, col: number, side: number): Float32Array {
  const n = side * CELL;
  const out = new Float32Array(n * n * 3);
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n * 3; x++)
      out[y * n * 3 + x] = picture.data[((row * CELL + y) * SMALL_SIDE + col * CELL) * 3 + x]!;
  return out;
}

const difference = (a: Float32Array, b: Float32Array | readonly number[]) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i % b.length]!);
  return sum / a.length;
};

function nearest(part: Float32Array, side: number): Thing {
  let best: Template | null = null;
  let least = Infinity;
  for (const t of templatesOf(side)) {
    const d = difference(part, t.data);
    if (d < least) [least, best] = [d, t];
  }
  return best!;
}

export interface Verdict {
  /** Every object is there in its class, colour and place, and nothing else is. */
  right: boolean;
  reason: string;
}

const named = (t: Thing) =>
  `${t.colourIndex === null ? '' : `${COLOURS[t.colourIndex]!.name} `}${CLASSES[t.classIndex]!.name}`;

/** Judges a picture against the scene that its prompt describes (on the default ground). */
export function judge(picture: SmallPicture, scene: Scene): Verdict {
  const wrong: string[] = [];
  for (const o of scene.objects) {
    const part = crop(picture, o.row, o.col, o.side);
    const seen = difference(part, DEFAULT_GROUND.top) < EMPTY ? null : nearest(part, o.side);
    if (!seen) wrong.push(`no ${named(o)}`);
    else if (seen.classIndex !== o.classIndex || seen.colourIndex !== o.colourIndex)
      wrong.push(`${named(seen)} for ${named(o)}`);
  }
  if (scene.objects.every((o) => o.side !== LARGE))
    for (const p of PLACE_NAMES) {
      const [row, col] = PLACES[p];
      if (scene.objects.some((o) => Math.abs(o.row - row) < SMALL && Math.abs(o.col - col) < SMALL)) continue;
      if (difference(crop(picture, row, col, SMALL), DEFAULT_GROUND.top) >= EMPTY)
        wrong.push(`something at ${p}`);
    }
  return { right: wrong.length === 0, reason: wrong.join(', ') };
}
