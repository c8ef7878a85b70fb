/** GenEval's prompts, detections and results (Ghosh et al., arXiv 2310.11513; github.com/djghosh13/geneval). */

/** The six tasks, in the order of the official prompt file. */
export const TAGS = ['single_object', 'two_object', 'counting', 'colors', 'position', 'color_attr'] as const;
export type Tag = (typeof TAGS)[number];

/** Images that the official protocol makes for one prompt. */
export const IMAGES_PER_PROMPT = 4;

export interface Requirement {
  class: string;
  /** At least so many in `include`; fewer than so many in `exclude`. A whole number, which may be negative. */
  count: number;
  color?: string;
  /** A relation (`left of`, `right of`, `above`, `below`; no other ever holds) and the index of an earlier `include`,
   * from the end where it is negative. */
  position?: readonly [relation: string, target: number];
}

/** One line of the official prompt file, its keys in the official order. */
export interface Metadata {
  /** One of the six, or any other: the official scripts know no list of them. */
  tag: string;
  include: readonly Requirement[];
  exclude?: readonly Requirement[];
  prompt: string;
}

export interface Detection {
  /** Pixels: left, top, right, bottom; y points down. */
  box: readonly [x1: number, y1: number, x2: number, y2: number];
  /** In [0, 1]. */
  score: number;
  /** One of GenEval's ten colours, where it is known already. */
  color?: string;
}

/** Detections by class name. */
export type DetectionsByClass<D extends Detection = Detection> = Readonly<Record<string, readonly D[]>>;

/**
 * Names the colour of each object: the official script asks CLIP about the masked crop. It is asked only
 * about objects whose `color` is not given, and only where the prompt names a colour.
 * @returns one of the ten colours for each of `objects`, in their order
 */
export type ColourOf<D extends Detection = Detection> = (
  className: string,
  objects: readonly D[],
) => Promise<string[]>;

export interface Verdict {
  correct: boolean;
  /** What is wrong, a line for each failed requirement, in the official words; empty where correct. */
  reason: string;
}

/** One judged image, as a line of the official `results.jsonl`. */
export interface ImageResult extends Verdict {
  filename: string;
  tag: string;
  prompt: string;
  metadata: Metadata;
  /** The boxes that passed the filter, by class: left, top, right, bottom, score. */
  details: Readonly<Record<string, readonly (readonly number[])[]>>;
}
