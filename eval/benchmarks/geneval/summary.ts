import {
  meanOfEstimates,
  shareEstimate,
  shareOf,
  shareUncertainty,
  uncertaintyOf,
  type Estimate,
  type Share,
  type Uncertainty,
} from '../../statistics';
import { metadataLine, officialPrompts } from './prompts';
import { IMAGES_PER_PROMPT, TAGS, type Metadata, type Tag } from './types';

/** What the summary needs of a judged image. */
export interface ScoredImage {
  /** Null where it counts in no task. */
  tag: string | null;
  /** Null where it cannot be told. */
  metadata: Metadata | null;
  /** What the prompt is grouped by, as the file has it; by default the text of `metadata`. Null: it counts in none. */
  text?: string | null;
  correct: boolean;
}

export interface GenevalSummary {
  /** Mean of the tags' accuracies, in [0, 1]; null without any image. */
  overall: number | null;
  /** The tags that have images: GenEval's, then others in the order in which they come. */
  tags: Partial<Record<string, Share>>;
  /** Clustered by prompt, whose images are correlated. */
  uncertainty: {
    overall: Uncertainty | null;
    tags: Partial<Record<string, Uncertainty>>;
    images: Uncertainty | null;
    prompts: Uncertainty | null;
  };
  images: Share | null;
  /** A prompt is correct if any of its images is. */
  prompts: Share | null;
  /** Then the result is not comparable with complete ones. */
  incomplete: boolean;
  /** Of the official 553 prompts with four images each. */
  missing: { tags: Tag[]; prompts: number; images: number };
  /** What the official protocol does not have, and the official script counts all the same. */
  extra: {
    /** Tasks that are not GenEval's. */
    tags: string[];
    /** Prompts that are not GenEval's. */
    prompts: number;
    /** Other spellings of one prompt's metadata, each of which counts as a prompt. */
    spellings: number;
    /** Images beyond the four of a prompt. */
    images: number;
  };
}

/**
 * The official summary (evaluation/summary_scores.py): the mean over images of each tag, and the mean of the
 * tags. The official script also averages over the tags that happen to be there; here such a run, and one that
 * lacks a prompt or an image, is marked incomplete. Prompts are told apart by the exact text of their metadata.
 */
export function summarize(scored: readonly ScoredImage[]): GenevalSummary {
  const byText = grouped(scored, textOf);
  // Images of one prompt are alike however its metadata are written.
  const byPrompt = grouped(
    scored,
    (image) => (image.metadata ? metadataLine(image.metadata) : textOf(image)) ?? '',
  );
  const tags: GenevalSummary['tags'] = {};
  const uncertainty: GenevalSummary['uncertainty'] = { overall: null, tags: {}, images: null, prompts: null };
  const estimates: Estimate[] = [];
  const others = new Set(scored.flatMap(({ tag }) => (tag === null || isOfficial(tag) ? [] : tag)));
  for (const tag of [...TAGS, ...others]) {
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
  const prompts = [...byText.values()].map((images) => verdictsOf(images).includes(true));
  if (scored.length > 0) {
    uncertainty.images = uncertaintyOf(shareEstimate([...byPrompt.values()].map(verdictsOf)));
    uncertainty.prompts = shareUncertainty(prompts);
  }
  return {
    overall: overall.mean,
    tags,
    uncertainty,
    images: scored.length === 0 ? null : shareOf(verdictsOf(scored)),
    prompts: scored.length === 0 ? null : shareOf(prompts),
    incomplete: missing.tags.length + missing.prompts + missing.images > 0,
    missing,
    extra: { tags: [...others], ...whatIsExtra(byPrompt) },
  };
}

const isOfficial = (tag: string): boolean => TAGS.some((one) => one === tag);

const textOf = ({ text, metadata }: ScoredImage): string | null =>
  text === undefined && metadata ? metadataLine(metadata) : (text ?? null);

/** Images without a key are in no group. */
function grouped(
  scored: readonly ScoredImage[],
  keyOf: (image: ScoredImage) => string | null,
): Map<string, ScoredImage[]> {
  const groups = new Map<string, ScoredImage[]>();
  for (const image of scored) {
    const key = keyOf(image);
    if (key === null) continue;
    const images = groups.get(key);
    if (images) images.push(image);
    else groups.set(key, [image]);
  }
  return groups;
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

function whatIsExtra(
  byPrompt: ReadonlyMap<string, readonly ScoredImage[]>,
): Omit<GenevalSummary['extra'], 'tags'> {
  const official = new Set(officialPrompts().map(metadataLine));
  const extra = { prompts: 0, spellings: 0, images: 0 };
  for (const [prompt, images] of byPrompt) {
    const texts = new Set(images.map(textOf).filter((text) => text !== null)).size;
    if (official.has(prompt)) {
      extra.spellings += Math.max(0, texts - 1);
      extra.images += Math.max(0, images.length - IMAGES_PER_PROMPT);
    } else extra.prompts += texts;
  }
  return extra;
}
