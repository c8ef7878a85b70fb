/** The tiny evaluators of tests/vectors/evaluators, and what Python makes of seeded images with them. */
import type { RgbImage } from '../../models/runtime';
import { seededImage } from './images';
import { vectorJson, vectorPath } from './vectors';

export function tinyEvaluator(name: 'clip' | 'dino' | 'detector' | 'detector-fixed'): string {
  return vectorPath(`evaluators/${name}`);
}

/** class, score, box, pixels of the mask */
type ReferenceDetection = [number, number, [number, number, number, number], number];

interface Reference {
  sizes: [number, number][];
  texts: string[];
  truncated: boolean[];
  clip_images: number[][];
  clip_texts: number[][];
  dino_images: number[][];
  detector: ReferenceDetection[][];
  detector_fixed: ReferenceDetection[][];
}

export const reference = vectorJson<Readonly<Reference>>('evaluators/reference.json');

/** The images that the reference is about. */
export function referenceImages(): RgbImage[] {
  return reference.sizes.map(([width, height], i) => seededImage('RGB', width, height, i + 1));
}
