import { settingNames } from '../../../models/runtime/parameters';
import type { Benchmark } from '../definition';
import { verdict, type Metric } from '../metric';
import { IMAGES_PER_PROMPT, TAGS } from './types';

const share = (metric: string, title: string): Metric => ({
  ...{ metric, title, better: 'higher', unit: 'share', decimals: 3, ofSamples: false },
});

/** GenEval in a run: keys are the folders of the official layout, groups its six tasks. */
export const geneval: Benchmark = {
  name: 'geneval',
  title: 'GenEval',
  task: 'generate',
  synthetic: false,
  protocol: 'geneval 2',
  repeats: IMAGES_PER_PROMPT,
  settings: [...settingNames('generate'), 'language', 'preset'],
  evaluators: ['detector', 'clip'],
  usualPreset: 'nano',
  metrics: [
    { ...share('accuracy', 'Accuracy'), byGroup: true },
    { ...share('images', 'Correct images'), secondary: true },
    { ...share('prompts', 'Correct prompts'), secondary: true },
    verdict,
  ],
  groups: TAGS,
  mainIs: 'mean of groups',
  publishedAs: { overall: 'accuracy' },
  largeDetails: { detections: { exported: true }, masks: { exported: false } },
  measure: async (evaluators) => (await import('./measure')).measureGeneval(evaluators),
  sweep: async () => (await import('./sweep')).genevalSweep,
  load: async () => (await import('./methods')).genevalMethods,
};
