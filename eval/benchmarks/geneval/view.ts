import type { SampleView, StoredSample } from '../definition';
import { verdictMetric } from '../metric';
import type { DetectionView, ExpectedView } from '../views';
import { filterDetections, officialFilter } from './filter';
import type { GenevalDetails } from './kept';
import { closestOf, decisionsOf } from './margins';
import type { Metadata } from './types';

/** What was asked for, and of a picture that was judged what was found in it, best first, and what was decided. */
export function describeSample({ data, picture, details }: StoredSample): SampleView {
  const metadata = data as Metadata;
  const judged = details[verdictMetric] as GenevalDetails | undefined;
  return { expected: objectsOf(metadata), ...(judged && judgedView(metadata, judged, picture)) };
}

function objectsOf({ include, exclude = [] }: Metadata): ExpectedView {
  return {
    kind: 'objects',
    include: include.map(({ class: className, count, color, position }) => ({
      ...{ className, count, color: color ?? null },
      position: position ? `${position[0]} ${include[position[1]]?.class ?? ''}`.trim() : null,
    })),
    exclude: exclude.map(({ class: className, count }) => ({ className, count })),
  };
}

function judgedView(
  metadata: Metadata,
  { detections, threshold: own, masks }: GenevalDetails,
  picture: StoredSample['picture'],
): Omit<SampleView, 'expected'> {
  const official = metadata.tag === 'counting' ? officialFilter.countingThreshold : officialFilter.threshold;
  const threshold = own ?? official;
  const filter = { ...officialFilter, threshold, countingThreshold: threshold };
  const counted = new Set([...filterDetections(detections, metadata.tag, filter).values()].flat());
  const views = Object.entries(detections).flatMap(([className, all]) =>
    all.map((one, i): DetectionView => {
      const runs = masks?.[className]?.[i] ?? null;
      const { box, score, color = null } = one;
      return {
        ...{ className, box: [...box], score, color, counted: counted.has(one) },
        mask: runs && picture ? { width: picture.width, height: picture.height, runs: [...runs] } : null,
      };
    }),
  );
  const decisions = decisionsOf(detections, metadata, filter);
  return {
    detections: views.sort((a, b) => b.score - a.score),
    threshold,
    decisions,
    margin: closestOf(decisions),
  };
}
