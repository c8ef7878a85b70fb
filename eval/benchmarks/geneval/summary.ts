import {
  meanOfEstimates,
  shareEstimate,
  shareOf,
  uncertaintyOf,
  type Estimate,
  type Share,
  type Uncertainty,
} from '../../statistics';
import { metadataLine, officialPrompts } from './prompts';
import { IMAGES_PER_PROMPT, TAGS, type Metadata, type Tag } from './types';

/** What the summary needs of a judged image. */
export interface ScoredImage {
  tag: Tag;
  metadata: Metadata;
  correct: boolean;
}

export interface GenevalSummary {
  /** Mean of the tags' accuracies, in [0, 1]; null without any image. */
  overall: number | null;
  /** The tags that have images. */
  tags: Partial<Record<Tag, Share>>;
  /** Clustered by prompt, whose images are correlated. */
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
      verdictsOf(images.filter((image) => image.tag === tag)),
    );
    const estimate = shareEstimate(clusters);
    if (estimate.n === 0) continue;
    estimates.push(estimate);
    tags[tag] = shareOf(clusters.flat());
    uncertainty.tags[tag] = uncertaintyOf(estimate);
  }
  const overall = meanOfEstimates(estimates);
  if (overall.n > 0) uncertainty.overall = uncertaintyOf(overall);
  const missing = whatIsMissing(byPrompt, tags);
  const prompts = [...byPrompt.values()].map((images) => verdictsOf(images).includes(true));
  return {
    overall: overall.mean,
    tags,
    uncertainty,
    images: scored.length === 0 ? null : shareOf(verdictsOf(scored)),
    prompts: scored.length === 0 ? null : shareOf(prompts),
    incomplete: missing.tags.length + missing.prompts + missing.images > 0,
    missing,
  };
}

const verdictsOf = (images: readonly ScoredImage[]): boolean[] => images.map(({ correct }) => correct);

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
