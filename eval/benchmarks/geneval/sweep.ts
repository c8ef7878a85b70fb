/**
 * What other thresholds would make of pictures that were judged before, from the detections that were kept of them
 * (from a score of 0.1 on), without any model.
 */
import { filterDetections, filterFor } from './filter';
import type { ColourOf, Detection, DetectionsByClass, Metadata, Tag, Verdict } from './types';
import { TAGS } from './types';
import { judge } from './verdict';

/** 0.10 to 0.95. */
export const sweepThresholds: readonly number[] = Array.from({ length: 18 }, (_, i) => (10 + 5 * i) / 100);

/** No colour has this name. */
const notAsked = 'of a colour that nobody asked for';

/**
 * Judges a picture again by another threshold, the same for every tag.
 * @returns null where it depends on the colour of an object for which no colour was asked then: nobody knows it now
 * @throws UnjudgeableError
 */
export async function rejudge(
  detections: DetectionsByClass,
  metadata: Metadata,
  threshold: number,
): Promise<Verdict | null> {
  const found = filterDetections(detections, metadata.tag, filterFor(threshold));
  let unknown = false;
  const worst: ColourOf<Detection> = async (_, objects) => {
    unknown = true;
    return objects.map(() => notAsked);
  };
  const verdict = await judge(found, metadata, worst);
  if (!unknown || verdict.correct) return verdict;
  // Wrong whatever the colour is?
  const wanted = (name: string) => [
    ...new Set(metadata.include.flatMap((one) => (one.class === name ? (one.color ?? []) : []))),
  ];
  if (metadata.include.some(({ class: name }) => wanted(name).length > 1)) return null;
  const best = await judge(found, metadata, async (name, objects) => objects.map(() => wanted(name)[0]!));
  // Its reason may still depend on the colour; that it is wrong does not.
  return best.correct ? null : best;
}

/** One picture's verdict by the run, and by each threshold; null where it cannot be known. */
export interface SweptPicture {
  tag: string;
  correct: boolean;
  after: readonly (boolean | null)[];
}

export interface SweepPoint {
  threshold: number;
  /** Mean of the tags' accuracies, of the pictures whose verdict is known; 0 without any. */
  overall: number;
  groups: Partial<Record<Tag, number>>;
  gained: number;
  lost: number;
  /** Pictures of which nobody knows: they count neither way. */
  unknown: number;
}

export function sweepPoints(
  pictures: readonly SweptPicture[],
  thresholds: readonly number[] = sweepThresholds,
): SweepPoint[] {
  return thresholds.map((threshold, at) => {
    const known = pictures.flatMap(({ tag, correct, after }) => {
      const now = after[at];
      return now === null || now === undefined ? [] : [{ tag, correct, now }];
    });
    const groups: Partial<Record<Tag, number>> = {};
    for (const tag of TAGS) {
      const own = known.filter((one) => one.tag === tag);
      if (own.length > 0) groups[tag] = own.filter(({ now }) => now).length / own.length;
    }
    const shares = Object.values(groups);
    return {
      threshold,
      overall: shares.length === 0 ? 0 : shares.reduce((sum, one) => sum + one, 0) / shares.length,
      groups,
      gained: known.filter(({ correct, now }) => now && !correct).length,
      lost: known.filter(({ correct, now }) => !now && correct).length,
      unknown: pictures.length - known.length,
    };
  });
}
