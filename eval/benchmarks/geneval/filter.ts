import type { Detector } from '../../evaluators';
import { float, isAbove } from './float32';
import { OBJECT_NAMES } from './names';
import type { Detection, DetectionsByClass } from './types';

export interface FilterSettings {
  /** A detection is kept strictly above it. */
  threshold: number;
  /** The same for the tag `counting`. */
  countingThreshold: number;
  /** Of one class. */
  maxObjects: number;
  /** A detection that overlaps a better one of its class by this IoU or more is dropped; 1 keeps all. */
  maxOverlap: number;
}

export const officialFilter: FilterSettings = {
  threshold: 0.3,
  countingThreshold: 0.9,
  maxObjects: 16,
  maxOverlap: 1,
};

/** The official filter with one threshold for every tag, as kept detections state it; the official ones without. */
export const filterFor = (threshold: number | undefined): FilterSettings =>
  threshold === undefined ? officialFilter : { ...officialFilter, threshold, countingThreshold: threshold };

/** The official filter with the thresholds that the detector is calibrated to (by default the official ones). */
export function filterOf({ thresholds }: Pick<Detector, 'thresholds'>): FilterSettings {
  return { ...officialFilter, threshold: thresholds.default, countingThreshold: thresholds.counting };
}

/**
 * The detections that count, best first, by class in the order of the official names; classes without any are
 * left out, and so are names that GenEval does not know. As the official evaluate_image, scores in 32 bits.
 */
export function filterDetections<D extends Detection>(
  detections: DetectionsByClass<D>,
  tag: string,
  settings: FilterSettings = officialFilter,
): Map<string, D[]> {
  const threshold = tag === 'counting' ? settings.countingThreshold : settings.threshold;
  const kept = new Map<string, D[]>();
  for (const name of OBJECT_NAMES) {
    if (!Object.hasOwn(detections, name)) continue;
    const all = detections[name]!;
    const best = ascendingOrder(all.map(({ score }) => float(score)))
      .reverse()
      .map((i) => all[i]!)
      .filter(({ score }) => isAbove(score, threshold))
      .slice(0, settings.maxObjects);
    const apart = settings.maxOverlap === 1 ? best : suppress(best, settings.maxOverlap);
    if (apart.length > 0) kept.set(name, apart);
  }
  return kept;
}

function suppress<D extends Detection>(best: readonly D[], maxOverlap: number): D[] {
  const kept: D[] = [];
  for (const candidate of best)
    if (kept.every(({ box }) => overlap(box, candidate.box) < maxOverlap)) kept.push(candidate);
  return kept;
}

type Box = Detection['box'];

/**
 * Intersection over union in [0, 1], where a box includes its last pixel (width x2 − x1 + 1). As the official
 * compute_iou: coordinates and their differences in 32 bits, from the `+ 1` on in 64, which a 32-bit scalar of numpy 1
 * (the official environment has 1.23) and a Python integer make together; numpy 2 stays with 32.
 */
export function overlap(a: Box, b: Box): number {
  const shared = area([
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ]);
  const union = area(a) + area(b) - shared;
  return union === 0 ? 0 : shared / union;
}

const side = (from: number, to: number): number => Math.max(float(float(to) - float(from)) + 1, 0);
const area = ([x1, y1, x2, y2]: Box): number => side(x1, x2) * side(y1, y2);

/** Runs up to one longer than this numpy sorts by insertion. */
const insertionRun = 15;

/**
 * The indices that sort `values` upwards, as `numpy.argsort` gives them by default: a quicksort (median of
 * three, insertion sort of short runs) whose order of equal values decides which object comes first where two
 * scores tie (numpy/core/src/npysort/quicksort.cpp). Its turn to heapsort after unlucky partitions is left
 * out: lists as short as these never take it.
 */
export function ascendingOrder(values: readonly number[]): number[] {
  const order = values.map((_, i) => i);
  const at = (i: number): number => values[order[i]!]!;
  const swap = (i: number, j: number): void => {
    [order[i], order[j]] = [order[j]!, order[i]!];
  };

  const sort = (left: number, last: number): void => {
    let right = last;
    while (right - left > insertionRun) {
      const middle = left + ((right - left) >> 1);
      if (at(middle) < at(left)) swap(middle, left);
      if (at(right) < at(middle)) swap(right, middle);
      if (at(middle) < at(left)) swap(middle, left);
      const pivot = at(middle);
      let i = left;
      let j = right - 1;
      swap(middle, j);
      for (;;) {
        do i++;
        while (at(i) < pivot);
        do j--;
        while (pivot < at(j));
        if (i >= j) break;
        swap(i, j);
      }
      swap(i, right - 1);
      sort(i + 1, right);
      right = i - 1;
    }
    for (let i = left + 1; i <= right; i++) {
      const index = order[i]!;
      let j = i;
      for (; j > left && values[index]! < at(j - 1); j--) order[j] = order[j - 1]!;
      order[j] = index;
    }
  };

  sort(0, order.length - 1);
  return order;
}
