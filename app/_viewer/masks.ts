import type { DetectionView } from '@/server/evaluation/runs/schema';

type Mask = NonNullable<DetectionView['mask']>;

/** A piece of a mask in one row: [row, first column, columns]. */
export type Strip = readonly [y: number, x: number, length: number];

/**
 * The set pixels of a mask as pieces of rows. Run lengths go row by row, zeros first; what lies outside of the picture,
 * or is no length at all, is left out.
 */
export function stripsOf({ width, height, runs }: Mask): Strip[] {
  const strips: Strip[] = [];
  const size = width * height;
  let at = 0;
  for (const [i, given] of runs.entries()) {
    const run = Number.isFinite(given) ? Math.max(0, Math.trunc(given)) : 0;
    const end = Math.min(size, at + run);
    if (i % 2 === 1)
      for (let from = at; from < end;) {
        const y = Math.floor(from / width);
        const to = Math.min(end, (y + 1) * width);
        strips.push([y, from - y * width, to - from]);
        from = to;
      }
    at = end;
    if (at >= size) break;
  }
  return strips;
}

/** The set pixels of a mask as an SVG path in its pixels; equal pieces of neighbouring rows are one rectangle. */
export function maskPath(mask: Mask): string {
  const open = new Map<string, { x: number; y: number; length: number; rows: number }>();
  const parts: string[] = [];
  const close = (key: string) => {
    const { x, y, length, rows } = open.get(key)!;
    parts.push(`M${x} ${y}h${length}v${rows}h${-length}z`);
    open.delete(key);
  };
  let row = -1;
  for (const [y, x, length] of stripsOf(mask)) {
    if (y !== row) {
      for (const [key, one] of [...open]) if (one.y + one.rows < y) close(key);
      row = y;
    }
    const key = `${x} ${length}`;
    const above = open.get(key);
    if (above && above.y + above.rows === y) above.rows++;
    else {
      if (above) close(key);
      open.set(key, { x, y, length, rows: 1 });
    }
  }
  for (const key of [...open.keys()]) close(key);
  return parts.join('');
}

/** How many pixels are set. */
export const maskArea = (mask: Mask): number => stripsOf(mask).reduce((sum, [, , length]) => sum + length, 0);
