/**
 * What callers of the runtime see. One pipeline serves every model directory; all that differs between
 * models stands in the manifest.
 */

export type Device = 'cpu' | 'webgpu' | 'cuda';
export type Task = 'generate' | 'edit' | 'understand';
export type Language = 'en' | 'zh';
export type Decoder = 'generation' | 'editing';

/** 8-bit RGB, row by row, three bytes a pixel: `data.length === width * height * 3`. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

export interface GenerateRequest {
  task: 'generate';
  prompt: string;
  /** What the picture should not be; counts with guidance above 1. Absent: the model's own empty prompt. */
  negativePrompt?: string;
  /** Pixels; multiples of the manifest's `multiple`, inside its limits. */
  width: number;
  height: number;
  steps: number;
  guidance: number;
  /** Unsigned 32 bits. */
  seed: number;
  language: Language;
}

export interface EditRequest {
  task: 'edit';
  prompt: string;
  /** What the result should not be; counts with guidance above 1. Absent: the model's own empty prompt. */
  negativePrompt?: string;
  image: RgbImage;
  decoder: Decoder;
  steps: number;
  guidance: number;
  seed: number;
  language: Language;
  /** The picture that comes out; by default the size of the source, rounded to the manifest's `multiple`
   * and brought inside its limits. */
  width?: number;
  height?: number;
}

export interface UnderstandRequest {
  task: 'understand';
  prompt: string;
  image: RgbImage | null;
  maxNewTokens: number;
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
