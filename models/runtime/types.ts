/**
 * What callers of the runtime see. One pipeline serves every model directory; all that differs between
 * models stands in the manifest.
 */

import type { ParameterValue, ReadyParameters, Task } from './parameters';

export type { Task };
export const devices = ['cpu', 'webgpu', 'cuda'] as const;
export type Device = (typeof devices)[number];
export type Language = 'en' | 'zh';
export type Decoder = ParameterValue<'decoder'>;

/** 8-bit RGB, row by row, three bytes a pixel: `data.length === width * height * 3`. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Its parameters are those of the table (parameter-table.ts), inside the limits of the manifest. */
export interface GenerateRequest extends ReadyParameters<'generate'> {
  task: 'generate';
  prompt: string;
  language: Language;
}

/** The size is that of the picture that comes out; without it, the source's as `sizeForEdit` fits it. */
export interface EditRequest extends ReadyParameters<'edit'> {
  task: 'edit';
  prompt: string;
  image: RgbImage;
  language: Language;
}

export interface UnderstandRequest extends ReadyParameters<'understand'> {
  task: 'understand';
  prompt: string;
  image: RgbImage | null;
  language: Language;
}

export type InferenceRequest = GenerateRequest | EditRequest | UnderstandRequest;

/** Milliseconds per stage, e.g. `tokenize`, `vision`, `prefill`, `embeddings`, `denoise`, `vae`. */
export type Timings = Record<string, number>;

export type InferenceEvent =
  | { type: 'stage'; stage: string }
  | { type: 'step'; step: number; steps: number }
  | { type: 'preview'; step: number; image: RgbImage }
  | { type: 'token'; text: string };

export type InferenceResult =
  | { kind: 'image'; image: RgbImage; timings: Timings }
  | {
      kind: 'text';
      text: string;
      /** Tokens written. */
      tokens: number;
      /** Tokens read: the templates and the picture's included. */
      promptTokens: number;
      timings: Timings;
    };

/** How a model draws a picture again from what it sees of it. */
export interface Reconstruction {
  kind: 'reconstruction';
  image: RgbImage;
  /** Mean absolute error against the source at the same size, 0 to 1. */
  error: number;
  timings: Timings;
}

export interface RunOptions {
  onEvent?: (event: InferenceEvent) => void;
  /** Checked between denoising steps and decoded tokens; an aborted run throws `CancelledError`. */
  signal?: AbortSignal;
  /** A preview every so many denoising steps; 0 for none. */
  previewEvery?: number;
}
