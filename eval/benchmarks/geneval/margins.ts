/**
 * How far each decision of a GenEval verdict was from going the other way. The verdict itself is `judge` alone; what is
 * told here agrees with it (margins.test.ts).
 */
import { filterDetections, officialFilter, type FilterSettings } from './filter';
import { marginOf } from './float32';
import { COLOUR_NAMES } from './names';
import { offsetTowards } from './position';
import { groupAt } from './verdict';
import type { Detection, DetectionsByClass, Metadata, Requirement } from './types';

/** A detection as a run keeps it. */
export interface KeptDetection extends Detection {
  /** CLIP's cosines with the ten colours in the order of COLOUR_NAMES, where it was asked. */
  cosines?: readonly number[];
}

export interface Decision {
  /** e.g. `count: 2 × apple`, `colour: red apple`, `position: left of dog`, `no more: apple` */
  what: string;
  /** What was compared: a score or a cosine in [0, 1], or the offset of the centres as a share of their distance. */
  value: number;
  threshold: number;
  /** How far it was from going the other way, in the unit of `value`: not below 0 where it passed, not above where not. */
  margin: number;
  passed: boolean;
}

/**
 * The decisions of a verdict in the order in which `judge` takes them; what it does not come to, because something
 * before it failed, is none. A colour is one where its cosines were kept.
 * @param detections all that were kept, also those under the threshold: an object that is not among them counts as 0
 */
export function decisionsOf(
  detections: DetectionsByClass<KeptDetection>,
  metadata: Metadata,
  filter: FilterSettings = officialFilter,
): Decision[] {
  const found = filterDetections(detections, metadata.tag, filter);
  const everything = filterDetections(detections, metadata.tag, {
    ...filter,
    threshold: -Infinity,
    countingThreshold: -Infinity,
  });
  const threshold = metadata.tag === 'counting' ? filter.countingThreshold : filter.threshold;
  /** Of the nth best of a class, from 1. */
  const scoreOf = (name: string, n: number) => everything.get(name)?.[n - 1]?.score ?? 0;
  const decisions: Decision[] = [];
  const groups: (readonly KeptDetection[] | null)[] = [];
  for (const requirement of metadata.include) {
    const { class: name, count } = requirement;
    const objects = (found.get(name) ?? []).slice(0, count);
    const enough = objects.length >= count;
    if (count > 0) {
      const value = scoreOf(name, count);
      const margin = marginOf(value, threshold);
      decisions.push({ what: `count: ${counted(count, name)}`, value, threshold, margin, passed: enough });
    }
    const coloured = enough && hasColour(objects, requirement);
    if (enough) decisions.push(...colourDecision(objects, requirement));
    const target = requirement.position === undefined ? undefined : groupAt(groups, requirement.position[1]);
    const placed =
      coloured && (target === undefined || (target !== null && isPlaced(objects, target, requirement)));
    if (coloured && target)
      decisions.push(...positionDecision(objects, target, requirement, metadata, groups.length));
    groups.push(placed ? objects : null);
  }
  for (const { class: name, count } of metadata.exclude ?? []) {
    if (count <= 0) continue;
    const value = scoreOf(name, count);
    const passed = (found.get(name)?.length ?? 0) < count;
    const margin = 0 - marginOf(value, threshold);
    decisions.push({ what: `no more: ${name}`, value, threshold, margin, passed });
  }
  return decisions;
}

/** How close the closest decision was, from 0; null where nothing was decided. */
export const closestOf = (decisions: readonly Decision[]): number | null =>
  decisions.length === 0 ? null : Math.min(...decisions.map(({ margin }) => Math.abs(margin)));

const counted = (count: number, name: string): string => (count === 1 ? name : `${count} × ${name}`);

const hasColour = (objects: readonly KeptDetection[], { color, count }: Requirement): boolean =>
  color === undefined || count <= 0 || objects.every((object) => object.color === color);

/** Every object has to be of the colour: the one that is it least decides. */
function colourDecision(objects: readonly KeptDetection[], requirement: Requirement): Decision[] {
  const { class: name, color, count } = requirement;
  if (color === undefined || count <= 0) return [];
  const wanted = COLOUR_NAMES.indexOf(color);
  const each = objects.flatMap(({ cosines }) => {
    const value = cosines?.[wanted];
    if (cosines === undefined || value === undefined) return [];
    const threshold = Math.max(...cosines.filter((_, i) => i !== wanted));
    return [{ value, threshold, margin: value - threshold }];
  });
  if (each.length < objects.length) return [];
  const least = each.reduce((a, b) => (b.margin < a.margin ? b : a));
  return [
    {
      what: `colour: ${color} ${name}`,
      ...least,
      passed: hasColour(objects, requirement),
    },
  ];
}

/** A relation holds beyond half (`relativePosition`). */
const half = 0.5;

const isPlaced = (
  objects: readonly Detection[],
  targets: readonly Detection[],
  { position }: Requirement,
): boolean =>
  objects.every(({ box }) => targets.every((target) => offsetTowards(position![0], box, target.box) > half));

/**
 * Every object has to stand so to every target: the pair that does least decides.
 * @param before how many of `include` come before this one
 */
function positionDecision(
  objects: readonly Detection[],
  targets: readonly Detection[],
  requirement: Requirement,
  { include }: Metadata,
  before: number,
): Decision[] {
  const [relation, index] = requirement.position!;
  const offsets = objects.flatMap(({ box }) =>
    targets.map((target) => offsetTowards(relation, box, target.box)),
  );
  if (offsets.length === 0) return [];
  const value = Math.min(...offsets);
  const what = `position: ${relation} ${groupAt(include.slice(0, before), index)?.class ?? ''}`;
  return [{ what, value, threshold: half, margin: value - half, passed: value > half }];
}
