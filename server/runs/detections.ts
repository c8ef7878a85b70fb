import { filterDetections, officialFilter } from '../../eval/benchmarks/geneval/filter';
import type { GenevalDetails } from '../../eval/benchmarks/geneval/kept';
import { closestOf, decisionsOf } from '../../eval/benchmarks/geneval/margins';
import type { Metadata } from '../../eval/benchmarks/geneval/types';
import type { DetectionView, SampleDetail } from './schema';

/** Detections, best first, and the decisions that were made of them. */
export function genevalView(
  metadata: Metadata,
  { detections, threshold: own, masks }: GenevalDetails,
  picture: { width: number; height: number } | null,
): Pick<SampleDetail, 'detections' | 'threshold' | 'decisions'> & { closest: number | null } {
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
    closest: closestOf(decisions),
  };
}
