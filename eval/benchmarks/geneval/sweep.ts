/**
 * What other thresholds would make of pictures that were judged before, from the detections that were kept of them
 * (from a score of 0.1 on), without any model.
 */
import type { SweptSample, ThresholdSweep } from '../definition';
import type { SweepPoint } from '../views';
import { filterDetections, filterFor, officialFilter } from './filter';
import type { ColourOf, Detection, DetectionsByClass, Metadata, Tag, Verdict } from './types';
import { TAGS } from './types';
import { judge, UnjudgeableError } from './verdict';

/** 0.10 to 0.95. */
export const sweepThresholds: readonly number[] = Array.from({ length: 18 }, (_, i) => (10 + 5 * i) / 100);

/** No colour has this name. */
const notAsked = 'of a colour that was not asked for';

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

/**
 * What each threshold makes of the pictures whose verdict is known by it: `overall` is the mean of the tags' accuracies,
 * 0 without any; the others count neither way.
 */
export function sweepPoints(
  pictures: readonly SweptSample[],
  thresholds: readonly number[] = sweepThresholds,
): SweepPoint[] {
  return thresholds.map((threshold, at) => {
    const known = pictures.flatMap(({ group, correct, after }) => {
      const now = after[at];
      return now === null || now === undefined ? [] : [{ group, correct, now }];
    });
    const groups: Partial<Record<Tag, number>> = {};
    for (const tag of TAGS) {
      const own = known.filter((one) => one.group === tag);
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

/** The sweep of a run, from the detections among the details of its verdicts. */
export const genevalSweep: ThresholdSweep = {
  detail: 'detections',
  thresholds: sweepThresholds,
  official: { default: officialFilter.threshold, counting: officialFilter.countingThreshold },
  rejudge: async (detections, data, threshold) => {
    try {
      return await rejudge(detections as DetectionsByClass, data as Metadata, threshold);
    } catch (error) {
      if (error instanceof UnjudgeableError) return null;
      throw error;
    }
  },
  points: (pictures) => sweepPoints(pictures),
};
