import { settingNames } from '../../../models/runtime/parameters';
import type { Benchmark } from '../definition';
import { verdict, type Metric } from '../metric';
import { mmmuSource } from './source';

/** Told in percent everywhere, as the benchmark's own tables do. */
const accuracy: Metric = {
  ...{ metric: 'accuracy', title: 'Accuracy', better: 'higher', unit: 'percent', decimals: 1 },
  ...{ ofSamples: false, byGroup: true },
};

/**
 * Questions in MMMU's format in a run; groups are the subjects. Answers are scored when all are there, because those
 * that name no option draw from one generator, one after the other.
 */
const questions = {
  task: 'understand',
  protocol: 'mmmu 1',
  repeats: 1,
  settings: [...settingNames('understand'), 'images', 'prompt'],
  evaluators: [],
  metrics: [accuracy, verdict],
  groups: [],
  mainIs: 'of the whole',
  measure: null,
} as const satisfies Partial<Benchmark>;

/** MMMU's validation split, from a folder with its parquet files. */
export const mmmu: Benchmark = {
  ...questions,
  name: 'mmmu',
  title: 'MMMU',
  synthetic: false,
  pull: { sources: [mmmuSource] },
  outputsBringData: true,
  load: async () => (await import('./methods')).mmmuMethods,
};

export const syntheticMmmu: Benchmark = {
  ...questions,
  name: 'synthetic-mmmu',
  title: 'Synthetic questions',
  synthetic: true,
  load: async () => (await import('./methods')).syntheticMmmuMethods,
};
