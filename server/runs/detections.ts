import { filterDetections, officialFilter } from '../../eval/benchmarks/geneval/filter';
import { closestOf, decisionsOf, type KeptDetection } from '../../eval/benchmarks/geneval/margins';
import type { DetectionsByClass, Metadata } from '../../eval/benchmarks/geneval/types';
import type { DetectionView, SampleDetail } from './schema';

/** What GenEval keeps of a sample beside its verdict (eval/benchmarks/geneval/benchmark.ts). */
export interface GenevalDetails {
  reason: string;
  /** Where it is not the official one. */
  threshold?: number;
  detections: DetectionsByClass<KeptDetection>;
  /** Run lengths of the masks, in the order of the detections of a class; null where none was kept. */
  masks?: Readonly<Record<string, readonly (readonly number[] | null)[]>>;
}

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
