/** How a picture lies in its box: its scale, and how far it was moved from the centre, in CSS pixels. */
export interface View {
  scale: number;
  x: number;
  y: number;
}
interface Size {
  width: number;
  height: number;
}

export const fitted: View = { scale: 1, x: 0, y: 0 };
const largest = 16;

const between = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value));

/** Moves the picture, no further than to its edge. */
export function pan(view: View, dx: number, dy: number, box: Size): View {
  const x = (box.width * (view.scale - 1)) / 2;
  const y = (box.height * (view.scale - 1)) / 2;
  return { scale: view.scale, x: between(-x, view.x + dx, x) || 0, y: between(-y, view.y + dy, y) || 0 };
}

/**
 * Zooms by a factor, between fitting its box (1) and 16 times that.
 * @param point stays where it is; counted from the centre of the box.
 */
export function zoom(view: View, factor: number, box: Size, point = { x: 0, y: 0 }): View {
  const scale = between(1, view.scale * factor, largest);
  const change = scale / view.scale;
  const moved = {
    scale,
    x: point.x - (point.x - view.x) * change,
    y: point.y - (point.y - view.y) * change,
  };
  return pan(moved, 0, 0, box);
}
