/** The arithmetic of looking closer: pure, in CSS pixels. */

export interface Size {
  width: number;
  height: number;
}
export interface Point {
  x: number;
  y: number;
}

/** How a picture lies on its stage: scaled by `scale` about the centre, where 1 is fitted, then moved by (x, y). */
export interface View extends Point {
  scale: number;
}

export const fitted: View = { scale: 1, x: 0, y: 0 };

/** One press of a zoom key or button. */
export const zoomStep = 1.5;

/** The largest size of a picture's shape inside a box. A box without area gives 0 × 0. */
export function fitInside(picture: Size, box: Size): Size {
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  if (!Number.isFinite(scale) || scale <= 0) return { width: 0, height: 0 };
  return { width: picture.width * scale, height: picture.height * scale };
}

/** The scale at which one pixel of the larger picture is 32 CSS pixels wide; never below 8. */
export function largestScale(pictures: Size[], box: Size): number {
  const scales = pictures.map((picture) => {
    const { width } = fitInside(picture, box);
    return width > 0 ? (32 * picture.width) / width : 8;
  });
  return Math.max(8, ...scales);
}

/** The scale at which a pixel of the picture is a CSS pixel; 1 in a box without area. */
export function actualScale(picture: Size, box: Size): number {
  const { width } = fitInside(picture, box);
  return width > 0 ? picture.width / width : 1;
}

/**
 * Keeps a view where it shows something: no closer than `most`, no further than `least`, no gap beside a picture
 * larger than the box.
 */
export function keepInside(view: View, pictures: Size[], box: Size, most: number, least = 1): View {
  const scale = Math.min(most, Math.max(least, view.scale));
  const reach = (side: 'width' | 'height') =>
    Math.max(0, ...pictures.map((picture) => (fitInside(picture, box)[side] * scale - box[side]) / 2));
  const within = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value)) || 0;
  return { scale, x: within(view.x, reach('width')), y: within(view.y, reach('height')) };
}

/** Zooms by a factor about a point, given from the centre of the stage: what lies there stays there. */
export function zoomAt(view: View, factor: number, at: Point = { x: 0, y: 0 }): View {
  return {
    scale: view.scale * factor,
    x: at.x - (at.x - view.x) * factor,
    y: at.y - (at.y - view.y) * factor,
  };
}

export const panBy = (view: View, dx: number, dy: number): View => ({
  ...view,
  x: view.x + dx,
  y: view.y + dy,
});

/**
 * The view after two fingers moved, each from and to a point from the centre of the stage: what was between them
 * stays between them.
 */
export function pinch(view: View, from: readonly [Point, Point], to: readonly [Point, Point]): View {
  const distance = ([a, b]: readonly [Point, Point]) => Math.hypot(a.x - b.x, a.y - b.y);
  const middle = ([a, b]: readonly [Point, Point]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const before = distance(from);
  const [start, end] = [middle(from), middle(to)];
  const zoomed = before > 0 ? zoomAt(view, distance(to) / before, start) : view;
  return panBy(zoomed, end.x - start.x, end.y - start.y);
}

/**
 * The factor of a turn of the wheel: 240 pixels double the scale, and one event does no more. `deltaMode` 1 counts lines, 2
 * pages. A pinch on a touchpad comes with Ctrl, in pixels so few that each counts fourfold.
 */
export function wheelFactor(event: { deltaY: number; deltaMode: number; ctrlKey: boolean }): number {
  const pixels = event.deltaY * (event.deltaMode === 1 ? 33 : event.deltaMode === 2 ? 400 : 1);
  const limited = Math.min(240, Math.max(-240, pixels));
  return 2 ** ((-limited * (event.ctrlKey ? 4 : 1)) / 240);
}

/** Whether a pixel of the picture is so large on the stage that its edges should be seen: four CSS pixels. */
export function showsPixels(picture: Size, box: Size, scale: number): boolean {
  return (fitInside(picture, box).width * scale) / picture.width >= 4;
}

/** How large the picture is on the stage, in percent of its own pixels. */
export const percentOf = (picture: Size, box: Size, scale: number): number =>
  Math.round(((fitInside(picture, box).width * scale) / picture.width) * 100);
