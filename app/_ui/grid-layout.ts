/** The arithmetic of a grid of tiles of one size, in CSS pixels. */

export interface GridLayout {
  columns: number;
  /** Width of a tile. */
  tile: number;
}

/** As many tiles side by side as are at least `smallest` wide, but not fewer than `least`. */
export function layoutOf(
  width: number,
  { smallest, gap, least = 1 }: { smallest: number; gap: number; least?: number },
): GridLayout {
  const columns = Math.max(least, 1, Math.floor((width + gap) / (smallest + gap)));
  return { columns, tile: Math.max(1, (width - gap * (columns - 1)) / columns) };
}

export const rowsOf = (count: number, columns: number): number => Math.ceil(count / columns);

/**
 * Where a key leads from tile `at` of `count`.
 * @param page rows of a screen
 * @returns null where the key is none of the grid's, or leads nowhere
 */
export function keyTarget(
  key: string,
  at: number,
  { columns, count, page }: { columns: number; count: number; page: number },
): number | null {
  const last = count - 1;
  const within = (to: number) => (to >= 0 && to <= last ? to : null);
  switch (key) {
    case 'ArrowRight':
      return within(at + 1);
    case 'ArrowLeft':
      return within(at - 1);
    case 'ArrowDown':
      // The last row may be short: down from above its gap leads to its end.
      return at + columns <= last ? at + columns : rowOf(at) < rowOf(last) ? last : null;
    case 'ArrowUp':
      return within(at - columns);
    case 'PageDown':
      return Math.min(last, at + columns * page);
    case 'PageUp':
      return Math.max(0, at - columns * page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
  function rowOf(index: number) {
    return Math.floor(index / columns);
  }
}
