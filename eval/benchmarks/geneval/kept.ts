import type { Detection as Found } from '../../evaluators';
import type { FilterSettings } from './filter';
import { isAbove } from './float32';
import { thresholdOf } from './images';
import { closestOf, decisionsOf, type KeptDetection } from './margins';
import { maskRuns } from './masks';
import type { Metadata, Verdict } from './types';

/** What a run keeps of a picture beside its verdict, so that everything about it can be told again without a model. */
export interface GenevalDetails {
  reason: string;
  /** Scores strictly above it counted, where that is not the official threshold. */
  threshold?: number;
  /** How close the closest decision was; null where nothing was decided. */
  margin?: number | null;
  /** Everything from a low score on, so that one can see what another threshold would change. */
  detections: Readonly<Record<string, readonly KeptDetection[]>>;
  /** The masks of those that counted as run lengths, in the order of a class's detections; null where none is kept. */
  masks?: Readonly<Record<string, readonly (readonly number[] | null)[]>>;
}

/** Numbers kept of all masks of one picture; objects have some hundreds each. A number is at most 7 bytes of JSON. */
const mostRuns = 40_000;

/** @param seen what was found, and the colours that were asked for (`examinePicture`) */
export function keptDetails(
  metadata: Metadata,
  filter: FilterSettings,
  { reason }: Verdict,
  {
    found,
    asked,
  }: {
    found: Readonly<Record<string, readonly Found[]>>;
    asked: ReadonlyMap<Found, { color: string; cosines?: readonly number[] }>;
  },
): GenevalDetails {
  const detections = Object.fromEntries(
    Object.entries(found).map(([name, all]) => [name, all.map((one) => keptOf(one, asked.get(one)))]),
  );
  return {
    reason,
    ...thresholdOf(metadata, filter),
    margin: closestOf(decisionsOf(detections, metadata, filter)),
    detections,
    masks: masksOf(found, metadata.tag === 'counting' ? filter.countingThreshold : filter.threshold),
  };
}

/** Six places of a cosine tell colours apart as well as all of them. */
const places = 1e6;

function keptOf(
  { box, score }: Found,
  { color, cosines }: { color?: string; cosines?: readonly number[] } = {},
): KeptDetection {
  return {
    ...{ box, score },
    ...(color === undefined ? {} : { color }),
    ...(cosines ? { cosines: cosines.map((one) => Math.round(one * places) / places) } : {}),
  };
}

/** The best first, for as long as there is room. */
function masksOf(
  found: Readonly<Record<string, readonly Found[]>>,
  threshold: number,
): GenevalDetails['masks'] {
  const masks: Record<string, (number[] | null)[]> = {};
  const counted = Object.entries(found).flatMap(([name, all]) => {
    masks[name] = all.map(() => null);
    return all.flatMap((one, i) => (isAbove(one.score, threshold) ? [{ name, i, one }] : []));
  });
  let left = mostRuns;
  for (const { name, i, one } of counted.sort((a, b) => b.one.score - a.one.score)) {
    const runs = maskRuns(one.mask);
    if (runs.length > left) continue;
    left -= runs.length;
    masks[name]![i] = runs;
  }
  return masks;
}
