import { useCallback, useMemo, useState } from 'react';
import {
  actualScale,
  fitted,
  keepInside,
  largestScale,
  panBy,
  percentOf,
  pinch,
  zoomAt,
  type Point,
  type Size,
  type View,
} from './zoom';

/** One view that all stages of a dialog share: they have the same size. */
export interface Zoom {
  view: View;
  box: Size;
  setBox: (box: Size) => void;
  zoomBy: (factor: number, at?: Point) => void;
  pan: (dx: number, dy: number) => void;
  pinch: (from: readonly [Point, Point], to: readonly [Point, Point]) => void;
  reset: () => void;
  /** A pixel of the first picture on a CSS pixel. */
  toActual: () => void;
  /** Of the first picture's own pixels; null before the stage is measured. */
  percent: number | null;
  atLeast: boolean;
  atMost: boolean;
}

const nowhere: Size = { width: 0, height: 0 };

/** @param shrinks whether a small picture may be seen in its own size; else it is never smaller than fitted */
export function useZoom(pictures: Size[], { shrinks = false } = {}): Zoom {
  const [wanted, setView] = useState(fitted);
  const [box, setBox] = useState(nowhere);
  const most = largestScale(pictures, box);
  const first = pictures[0];
  const actual = first ? actualScale(first, box) : 1;
  const least = shrinks ? Math.min(1, actual) : 1;
  // The window may have changed its size since.
  const view = keepInside(wanted, pictures, box, most, least);
  const change = (next: (view: View) => View) => setView(keepInside(next(view), pictures, box, most, least));
  const measure = useCallback(
    (next: Size) => setBox((old) => (old.width === next.width && old.height === next.height ? old : next)),
    [],
  );
  return {
    view,
    box,
    setBox: measure,
    zoomBy: (factor, at) => change((from) => zoomAt(from, clampFactor(from.scale, factor, least, most), at)),
    pan: (dx, dy) => change((from) => panBy(from, dx, dy)),
    pinch: (from, to) => change((before) => pinch(before, from, to)),
    reset: () => setView(fitted),
    toActual: () => change(() => ({ ...fitted, scale: actual })),
    percent: useMemo(
      () => (first && box.width > 0 ? percentOf(first, box, view.scale) : null),
      [first, box, view.scale],
    ),
    atLeast: view.scale <= least + 1e-6,
    atMost: view.scale >= most - 1e-6,
  };
}

/** At the limits the picture stands still, instead of moving aside. */
const clampFactor = (scale: number, factor: number, least: number, most: number) =>
  Math.min(most, Math.max(least, scale * factor)) / scale;

/** From fitted to the image's own size, and back. */
export function toggleActualSize(zoom: Zoom): void {
  if (zoom.percent === 100 && zoom.view.scale !== 1) zoom.reset();
  else zoom.toActual();
}
