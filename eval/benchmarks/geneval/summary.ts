import { clusteredMean, meanOfEstimates, type Estimate } from '../../statistics/mean';
import { metadataLine, officialPrompts } from './prompts';
import { IMAGES_PER_PROMPT, TAGS, type Metadata, type Tag } from './types';

/** What the summary needs of a judged image. */
export interface ScoredImage {
  tag: Tag;
  metadata: Metadata;
  correct: boolean;
}

export interface Share {
  correct: number;
  n: number;
  /** correct / n, in [0, 1]. */
  accuracy: number;
}

export interface Uncertainty {
  /** Clustered by prompt; null where one prompt alone tells nothing about it. */
  standardError: Estimate['standardError'];
  /** 95 %. */
  interval: Estimate['interval'];
}

export interface GenevalSummary {
  /** Mean of the tags' accuracies, in [0, 1]; null without any image. */
  overall: number | null;
  /** The tags that have images. */
  tags: Partial<Record<Tag, Share>>;
  uncertainty: { overall: Uncertainty | null; tags: Partial<Record<Tag, Uncertainty>> };
  images: Share | null;
  /** A prompt is correct if any of its images is. */
  prompts: Share | null;
  /** Then the result is not comparable with complete ones. */
  incomplete: boolean;
  /** Of the official 553 prompts with four images each. */
  missing: { tags: Tag[]; prompts: number; images: number };
}

/**
 * The official summary (evaluation/summary_scores.py): the mean over images of each tag, and the mean of the
 * tags. The official script also averages over the tags that happen to be there; here such a run, and one that
 * lacks a prompt or an image, is marked incomplete.
 */
export function summarize(scored: readonly ScoredImage[]): GenevalSummary {
  const byPrompt = new Map<string, ScoredImage[]>();
  for (const image of scored) {
    const line = metadataLine(image.metadata);
    const images = byPrompt.get(line);
    if (images) images.push(image);
    else byPrompt.set(line, [image]);
  }
  const tags: GenevalSummary['tags'] = {};
  const uncertainty: GenevalSummary['uncertainty'] = { overall: null, tags: {} };
  const estimates: Estimate[] = [];
  for (const tag of TAGS) {
    const clusters = [...byPrompt.values()].map((images) =>
      valuesOf(images.filter((image) => image.tag === tag)),
    );
    const estimate = clusteredMean(clusters);
    if (estimate === null) continue;
    estimates.push(estimate);
    tags[tag] = share(clusters.flat())!;
    uncertainty.tags[tag] = uncertaintyOf(estimate);
  }
  const overall = meanOfEstimates(estimates);
  if (overall) uncertainty.overall = uncertaintyOf(overall);
  const missing = whatIsMissing(byPrompt, tags);
  return {
    overall: overall?.mean ?? null,
    tags,
    uncertainty,
    images: share(valuesOf(scored)),
    prompts: share([...byPrompt.values()].map((images) => Math.max(...valuesOf(images)))),
    incomplete: missing.tags.length + missing.prompts + missing.images > 0,
    missing,
  };
}

const uncertaintyOf = ({ standardError, interval }: Estimate): Uncertainty => ({ standardError, interval });

const valuesOf = (images: readonly ScoredImage[]): number[] => images.map(({ correct }) => (correct ? 1 : 0));

function share(values: readonly number[]): Share | null {
  const correct = values.reduce((sum, value) => sum + value, 0);
  return values.length === 0 ? null : { correct, n: values.length, accuracy: correct / values.length };
}

function whatIsMissing(
  byPrompt: ReadonlyMap<string, readonly ScoredImage[]>,
  tags: GenevalSummary['tags'],
): GenevalSummary['missing'] {
  const missing: GenevalSummary['missing'] = {
    tags: TAGS.filter((tag) => tags[tag] === undefined),
    prompts: 0,
    images: 0,
  };
  for (const prompt of officialPrompts()) {
    const images = byPrompt.get(metadataLine(prompt))?.length ?? 0;
    if (images === 0) missing.prompts++;
    missing.images += Math.max(0, IMAGES_PER_PROMPT - images);
  }
  return missing;
}
