/** What a benchmark sees of the models that measure. They are passed in, so that a test passes its own. */
import type { RgbImage } from '../../models/runtime';

/** What a fingerprint says about an evaluator. */
export interface EvaluatorIdentity {
  readonly kind: 'clip' | 'dino' | 'detector';
  readonly name: string;
  readonly version: string;
  /** sha256 of the manifest, in hex; it names the hash of every other file, and not where weights elsewhere lie. */
  readonly hash: string;
}

export interface ImageEmbedder extends EvaluatorIdentity {
  /** @returns one vector of length 1 for each image. @throws ModelError */
  embedImages(images: readonly RgbImage[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

export interface TextEmbeddings {
  /** One vector of length 1 for each text. */
  embeddings: Float32Array[];
  /** For each text whether it was longer than the context and cut. */
  truncated: boolean[];
}

export interface Clip extends ImageEmbedder {
  readonly kind: 'clip';
  /** @throws ModelError */
  embedTexts(texts: readonly string[]): Promise<TextEmbeddings>;
}

export interface Dino extends ImageEmbedder {
  readonly kind: 'dino';
}

export interface Detection {
  /** Index into the detector's classes. */
  classIndex: number;
  className: string;
  /** Class probability × mean mask probability, 0 to 1. */
  score: number;
  /** left, top, right, bottom in pixels of the image; right and bottom are the first beyond the mask. */
  box: [number, number, number, number];
  /** 1 where the object is, row by row, as large as the image. Detections of one query share it. */
  mask: Uint8Array;
}

export interface Detector extends EvaluatorIdentity {
  readonly kind: 'detector';
  readonly classes: readonly string[];
  readonly thresholds: { readonly default: number; readonly counting: number };
  /**
   * @param options.minScore detections with this score or less are left out (default 0: all are kept, also those
   * of empty masks); a threshold that the caller would apply anyway saves most of the time
   * @returns by falling score
   * @throws ModelError
   */
  detect(image: RgbImage, options?: { minScore?: number }): Promise<Detection[]>;
  close(): Promise<void>;
}
