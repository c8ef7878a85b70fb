/**
 * How well an edited picture matches what was asked for. CLIP-T: cosine of the edited picture and the target caption.
 * L1: mean absolute difference from the target. CLIP-O, DINO-O: cosine with a reference image, which the paper of
 * Nexus-Gen says is the ground truth (section on editing results). Source: MagicBrush, evaluation/image_eval.py
 * (`eval_clip_t`, `eval_distance`, `eval_clip_i`). Embeddings in 32 bits, cosines in 64.
 */
import { decodeImage, type RgbImage } from '../../../models/runtime';
import { cosine, type Clip, type Dino } from '../../evaluators';
import { cleanCaption, CLIP_CLEANING } from '../../evaluators/caption';
import { decodeAsPillow, PILLOW_DECODER } from '../../metrics/pillow/decode';
import { bootstrapDefaults, bootstrapInterval, meanOf, type Estimate } from '../../statistics';
import { resizeImage } from '../../metrics/resample';
import type { EditingPreset, Reference } from './presets';

/** A way to read: functions, and what fingerprints call them. */
interface Reads {
  image: (file: Uint8Array) => Promise<RgbImage>;
  caption: (text: string) => string;
  fingerprint: { images?: string; captions?: string };
}

/** What the script does before it measures. */
const asMagicBrush: Reads = {
  image: decodeAsPillow,
  caption: cleanCaption,
  fingerprint: { images: PILLOW_DECODER, captions: CLIP_CLEANING },
};

/** A file as a person sees it, and a caption as it is written: fingerprints say nothing of them. */
const asSeen: Reads = {
  image: decodeImage,
  caption: (text) => text,
  fingerprint: {},
};

/** How a preset reads. */
export const readsOf = ({ reads }: EditingPreset): Reads => (reads === undefined ? asSeen : asMagicBrush);

export interface EditPair {
  source: RgbImage;
  edited: RgbImage;
  target: RgbImage;
  /** Describes the target. */
  caption: string;
}

export const editingMetrics = ['clip_t', 'l1', 'clip_o', 'dino_o'] as const;
export type EditingMetric = (typeof editingMetrics)[number];

/** A value for each metric, in their order. */
export const perMetric = <T>(of: (metric: EditingMetric) => T): Record<EditingMetric, T> =>
  Object.fromEntries(editingMetrics.map((metric) => [metric, of(metric)])) as Record<EditingMetric, T>;

export interface EditScores extends Record<EditingMetric, number> {
  /** Cosines of the edited picture with each of both, −1 to 1. */
  references: Record<Reference, { clip: number; dino: number }>;
  /** Whether the caption was longer than the text encoder's context and cut. */
  caption_truncated: boolean;
}

/**
 * Scores one edit.
 * @param reference which picture's cosines are named `clip_o` and `dino_o`
 * @throws RangeError for a picture too elongated to score; ModelError
 */
export async function scoreEdit(
  pair: EditPair,
  evaluators: { clip: Clip; dino: Dino },
  reference: Reference,
): Promise<EditScores> {
  const pictures = [pair.edited, pair.target, pair.source];
  const text = await evaluators.clip.embedTexts([pair.caption]);
  const clip = threeOf(await evaluators.clip.embedImages(pictures));
  const dino = threeOf(await evaluators.dino.embedImages(pictures));
  const references = {
    target: { clip: cosine(clip.edited, clip.target), dino: cosine(dino.edited, dino.target) },
    source: { clip: cosine(clip.edited, clip.source), dino: cosine(dino.edited, dino.source) },
  };
  return {
    clip_t: cosine(clip.edited, text.embeddings[0]!),
    l1: meanAbsoluteDifference(pair.edited, pair.target),
    clip_o: references[reference].clip,
    dino_o: references[reference].dino,
    references,
    caption_truncated: text.truncated[0]!,
  };
}

function threeOf(vectors: readonly Float32Array[]) {
  const [edited, target, source] = vectors;
  return { edited: edited!, target: target!, source: source! };
}

/**
 * Mean of |edited − target| over pixels and channels, of values from 0 to 1; the edited picture is first resized to the
 * target's size, bicubic, whatever its ratio (the default of Pillow's `resize`, which the script calls).
 * @returns 0 to 1
 */
export function meanAbsoluteDifference(edited: RgbImage, target: RgbImage): number {
  const { width, height } = target;
  const { data } = resizeImage({ mode: 'RGB', ...edited }, width, height, 'bicubic');
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += Math.abs(data[i]! - target.data[i]!);
  return sum / (255 * data.length);
}

/** The least and the greatest value that there can be. */
const ranges: Record<EditingMetric, readonly [number, number]> = {
  ...{ clip_t: [-1, 1], clip_o: [-1, 1], dino_o: [-1, 1] },
  l1: [0, 1],
};

/** Each metric over the items that have scores; the intervals are the bootstrap's, because no metric is a share. */
export function aggregateEdits(
  items: readonly Pick<EditScores, EditingMetric>[],
): Record<EditingMetric, Estimate> {
  return perMetric((metric) => {
    const values = items.map((item) => item[metric]);
    return {
      ...meanOf(values),
      interval: bootstrapInterval(values, { ...bootstrapDefaults, range: ranges[metric] }),
    };
  });
}
