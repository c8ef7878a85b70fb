/**
 * Multimodal rotary position ids (mRoPE) of Qwen2.5-VL: each token has a time, a row and a column.
 * Source: `get_rope_index`, transformers models/qwen2_5_vl; Nexus-Gen's positions of generated image tokens.
 */

/** (3, length): times, rows, columns. */
export interface Positions {
  t: number[];
  h: number[];
  w: number[];
}

/**
 * Text tokens get (p, p, p). The pad tokens of a picture of rows × columns get (p0, p0 + row, p0 + column), p0
 * being the position after BOI; the next token continues at the largest position + 1.
 * @param grids rows and columns of merged tokens of each picture, in order
 * @returns the positions and the position of the token that follows
 * @throws Error when the pad tokens do not match the grids
 */
export function promptPositions(
  ids: readonly number[],
  imagePad: number,
  grids: readonly (readonly [number, number])[],
): { positions: Positions; next: number } {
  const positions: Positions = { t: [], h: [], w: [] };
  const left = [...grids];
  let next = 0;
  for (let i = 0; i < ids.length;) {
    if (ids[i] !== imagePad) {
      push(positions, next, next, next);
      next++;
      i++;
      continue;
    }
    const grid = left.shift();
    let run = i;
    while (ids[run] === imagePad) run++;
    if (!grid || run - i !== grid[0] * grid[1])
      throw new Error(`The prompt has ${run - i} image tokens where the image has ${grid?.join('×') ?? 0}.`);
    pushGrid(positions, next, grid, run - i);
    next += Math.max(...grid);
    i = run;
  }
  if (left.length > 0) throw new Error('The prompt has no placeholder for an image.');
  return { positions, next };
}

/** (p, p, p) for each of `length` text tokens from p on. */
export function textPositions(p: number, length: number): Positions {
  const positions: Positions = { t: [], h: [], w: [] };
  for (let i = 0; i < length; i++) push(positions, p + i, p + i, p + i);
  return positions;
}

/**
 * BOI at p, then `length` generated image tokens: token i at (p+1, p+1+⌊i/columns⌋, p+1+i mod columns).
 */
export function generatedPositions(
  p: number,
  grid: readonly [number, number],
  length = grid[0] * grid[1],
): Positions {
  const positions = textPositions(p, 1);
  pushGrid(positions, p + 1, grid, length);
  return positions;
}

/** Tokens `from` to `to` (not included). */
export function slicePositions(positions: Positions, from: number, to: number): Positions {
  const { t, h, w } = positions;
  return { t: t.slice(from, to), h: h.slice(from, to), w: w.slice(from, to) };
}

function pushGrid(positions: Positions, p0: number, grid: readonly [number, number], length: number): void {
  for (let i = 0; i < length; i++) push(positions, p0, p0 + Math.floor(i / grid[1]), p0 + (i % grid[1]));
}

function push(positions: Positions, t: number, h: number, w: number): void {
  positions.t.push(t);
  positions.h.push(h);
  positions.w.push(w);
}
