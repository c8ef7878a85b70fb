import type { BenchmarkName } from './definition';

/** How a figure of a benchmark is to be read. */
export interface MetricInfo {
  metric: string;
  better: 'higher' | 'lower';
  unit: 'share' | 'cosine' | 'mean absolute difference' | 'points' | 'percent';
  /** Places after the point. */
  decimals: number;
  /** Whether samples have it, not runs alone. */
  ofSamples: boolean;
}

const share = (metric: string, ofSamples = false): MetricInfo => ({
  ...{ metric, better: 'higher', unit: 'share', decimals: 4, ofSamples },
});
const cosine = (metric: string): MetricInfo => ({
  ...{ metric, better: 'higher', unit: 'cosine', decimals: 4, ofSamples: true },
});
const l1: MetricInfo = {
  metric: 'l1',
  better: 'lower',
  unit: 'mean absolute difference',
  decimals: 4,
  ofSamples: true,
};

const ofEdits = [cosine('dino_o'), cosine('clip_o'), cosine('clip_t'), l1];
const ofQuestions = [share('accuracy'), share('correct', true)];

/**
 * The figures of each benchmark, the main one first. Of edits DINO-O leads: it tells pictures apart by what is where in
 * them, while CLIP's figures hardly move between a picture and its edit.
 */
export const figures: Readonly<Record<BenchmarkName, readonly MetricInfo[]>> = {
  geneval: [share('accuracy'), share('images'), share('prompts'), share('correct', true)],
  mmmu: ofQuestions,
  'synthetic-mmmu': ofQuestions,
  imagepulse: ofEdits,
  'synthetic-edits': ofEdits,
};

/** The figure that a run is known by. */
export const mainOfRun = (name: BenchmarkName): MetricInfo => figures[name][0]!;

/** The figure that a sample is known by: right or wrong, or of edits DINO-O. */
export const mainOfSample = (name: BenchmarkName): string =>
  figures[name].some(({ metric }) => metric === 'correct') ? 'correct' : 'dino_o';
