import sharp from 'sharp';

import { GRID, type Scene, type SceneObject } from './scene';
import { sprite } from './sprites';

/** 8-bit RGB, row by row. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}

/** [x0, y0, x1, y1] in pixels, the right and lower edge excluded. */
export type Box = readonly [number, number, number, number];

export interface RenderedScene {
  picture: Picture;
  /** Of the drawn pixels of each object, in the order of `scene.objects`. */
  boxes: Box[];
  /** 1 where the object covers more than half of a pixel, else 0; `width * height` each. */
  masks: Uint8Array[];
}

/** Pixels per cell while composing: twice the model's own 28, so that pictures up to 504 stay sharp. */
const CELL = 56;

/**
 * Composes a scene. The 9 × 9 square stands in the middle of the picture and the ground runs on beside it.
 * @param width pixels
 * @param height pixels
 */
export async function renderScene(scene: Scene, width = 256, height = 256): Promise<RenderedScene> {
  const short = Math.min(width, height);
  const fullWidth = Math.round((GRID * CELL * width) / short);
  const fullHeight = Math.round((GRID * CELL * height) / short);
  const left = Math.round((fullWidth - GRID * CELL) / 2);
  const top = Math.round((fullHeight - GRID * CELL) / 2);
  const full = new Uint8Array(fullWidth * fullHeight * 3);
  const horizon = top + scene.ground.horizon * CELL;
  for (let y = 0; y < fullHeight; y++) {
    const colour = y < horizon || scene.ground.horizon >= GRID ? scene.ground.top : scene.ground.bottom;
    for (let x = 0; x < fullWidth; x++) full.set(colour, (y * fullWidth + x) * 3);
  }
  const covers: Uint8Array[] = [];
  for (const object of scene.objects)
    covers.push(compose(full, fullWidth, fullHeight, object, scene.style, left, top));

  const resize = async (data: Uint8Array, channels: 1 | 3) =>
    new Uint8Array(
      await sharp(data, { raw: { width: fullWidth, height: fullHeight, channels } })
        .resize(width, height, { fit: 'fill', kernel: 'cubic' })
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer(),
    );
  const data = await resize(full, 3);
  const masks: Uint8Array[] = [];
  for (const cover of covers) masks.push((await resize(cover, 1)).map((v) => (v > 127 ? 1 : 0)));
  return { picture: { width, height, data }, boxes: masks.map((m) => boxOf(m, width)), masks };
}

/** Draws one object over the picture and returns its coverage (alpha, 0 to 255). */
function compose(
  target: Uint8Array,
  width: number,
  height: number,
  object: SceneObject,
  style: Scene['style'],
  left: number,
  top: number,
): Uint8Array {
  const side = object.side * CELL;
  const { data } = sprite(object.classIndex, object.colourIndex, style, side);
  const x0 = left + Math.round((object.col + object.jitter[1]) * CELL);
  const y0 = top + Math.round((object.row + object.jitter[0]) * CELL);
  const cover = new Uint8Array(width * height);
  for (let y = Math.max(0, -y0); y < Math.min(side, height - y0); y++)
    for (let x = Math.max(0, -x0); x < Math.min(side, width - x0); x++) {
      const from = (y * side + x) * 4;
      const alpha = data[from + 3]!;
      if (alpha === 0) continue;
      const to = (y0 + y) * width + x0 + x;
      cover[to] = alpha;
      for (let c = 0; c < 3; c++)
        target[to * 3 + c] = Math.round((target[to * 3 + c]! * (255 - alpha)) / 255 + data[from + c]!);
    }
  return cover;
}

function boxOf(mask: Uint8Array, width: number): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -1, -1];
  mask.forEach((on, i) => {
    if (!on) return;
    const x = i % width;
    const y = (i - x) / width;
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x + 1);
    y1 = Math.max(y1, y + 1);
  });
  return x1 < 0 ? [0, 0, 0, 0] : [x0, y0, x1, y1];
}
