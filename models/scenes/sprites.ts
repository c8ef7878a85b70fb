import { createRequire } from 'node:module';

import { Resvg } from '@resvg/resvg-js';
import { LRUCache } from 'lru-cache';

import { CLASSES, COLOURS, type Style } from './classes';
import { DRAWINGS } from './drawings';

/**
 * A class's picture in a square: RGBA, 8 bits, premultiplied by alpha (compositing needs no division),
 * `data.length === side * side * 4`.
 */
export interface Sprite {
  side: number;
  data: Uint8ClampedArray;
}

/** Share of the square's side kept free on every side, so that neighbours do not touch. */
const MARGIN = 0.05;
/** How much of the sprite's own luminance contrast a tint keeps. */
const CONTRAST = 0.6;
const PROBE = 256;

interface IconSet {
  icons: Record<string, { body: string; width?: number; height?: number; left?: number; top?: number }>;
  aliases?: Record<string, { parent: string }>;
  width?: number;
  height?: number;
}

const require = createRequire(import.meta.url);
const iconSets = new Map<Style, IconSet>();

function iconSet(style: Style): IconSet {
  let set = iconSets.get(style);
  if (!set) {
    set = require(`@iconify-json/${style}/icons.json`) as IconSet;
    iconSets.set(style, set);
  }
  return set;
}

/** Icons that show another thing in one set than in the others: there, another set's is taken. */
const ELSEWHERE: Readonly<Record<string, Partial<Record<Style, Style>>>> = {
  // Twemoji's "tennis" is a ball without a racket.
  'tennis racket': { twemoji: 'fluent-emoji-flat' },
};

/** The SVG body of a class in a style, with its view box as [x, y, width, height]. */
function source(classIndex: number, style: Style): { body: string; box: [number, number, number, number] } {
  const entry = CLASSES[classIndex];
  if (!entry) throw new RangeError(`no class ${classIndex}: 0 to ${CLASSES.length - 1}`);
  if (entry.icon === null) {
    const body = DRAWINGS[entry.name];
    if (!body) throw new Error(`no drawing of ${entry.name}`);
    return { body, box: [0, 0, 64, 64] };
  }
  const set = iconSet(ELSEWHERE[entry.name]?.[style] ?? style);
  const icon = set.icons[set.aliases?.[entry.icon]?.parent ?? entry.icon];
  if (!icon) throw new Error(`the icon set ${style} has no ${entry.icon}`);
  return {
    body: icon.body,
    box: [icon.left ?? 0, icon.top ?? 0, icon.width ?? set.width ?? 16, icon.height ?? set.height ?? 16],
  };
}

function rasterize(body: string, box: readonly number[], side: number) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${box.join(' ')}" width="${side}" height="${side}">${body}</svg>`;
  return new Resvg(svg, { fitTo: { mode: 'width', value: side }, font: { loadSystemFonts: false } }).render();
}

const tightBoxes = new Map<string, [number, number, number, number]>();

/** The square view box that just holds what is drawn, plus the margin: icons differ in their own padding. */
function tightBox(classIndex: number, style: Style): [number, number, number, number] {
  const key = `${style}/${classIndex}`;
  const known = tightBoxes.get(key);
  if (known) return known;
  const { body, box } = source(classIndex, style);
  const { pixels } = rasterize(body, box, PROBE);
  let [x0, y0, x1, y1] = [PROBE, PROBE, -1, -1];
  for (let y = 0; y < PROBE; y++)
    for (let x = 0; x < PROBE; x++)
      if (pixels[(y * PROBE + x) * 4 + 3]! > 8) {
        x0 = Math.min(x0, x);
        y0 = Math.min(y0, y);
        x1 = Math.max(x1, x + 1);
        y1 = Math.max(y1, y + 1);
      }
  if (x1 < 0) throw new Error(`nothing is drawn for ${CLASSES[classIndex]!.name} in ${style}`);
  const unit = box[2] / PROBE;
  const side = (Math.max(x1 - x0, y1 - y0) * unit) / (1 - 2 * MARGIN);
  const result: [number, number, number, number] = [
    box[0] + ((x0 + x1) / 2) * unit - side / 2,
    box[1] + ((y0 + y1) / 2) * unit - side / 2,
    side,
    side,
  ];
  tightBoxes.set(key, result);
  return result;
}

const cache = new LRUCache<string, Sprite>({ max: 600 });

/**
 * @param colourIndex index into COLOURS, or null for the thing's own colours
 * @param side pixels
 */
export function sprite(classIndex: number, colourIndex: number | null, style: Style, side: number): Sprite {
  const key = `${style}/${classIndex}/${colourIndex}/${side}`;
  const known = cache.get(key);
  if (known) return known;
  const { body } = source(classIndex, style);
  const { pixels } = rasterize(body, tightBox(classIndex, style), side);
  const data = Uint8ClampedArray.from(pixels);
  if (colourIndex !== null) tint(data, COLOURS[colourIndex]!.rgb);
  const made = { side, data };
  cache.set(key, made);
  return made;
}

/**
 * Sets the mean colour of a premultiplied RGBA sprite and keeps part of its luminance contrast:
 * `out = target + CONTRAST · (Y − mean Y)`, with Rec. 601 luma.
 */
function tint(data: Uint8ClampedArray, target: readonly [number, number, number]): void {
  let sum = 0;
  let weight = 0;
  const luma = (i: number) => 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
  for (let i = 0; i < data.length; i += 4) {
    sum += luma(i);
    weight += data[i + 3]! / 255;
  }
  const mean = sum / Math.max(weight, 1e-6);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]! / 255;
    if (alpha === 0) continue;
    const shift = CONTRAST * (luma(i) / alpha - mean);
    for (let c = 0; c < 3; c++) data[i + c] = Math.min(255, Math.max(0, target[c]! + shift)) * alpha;
  }
}
