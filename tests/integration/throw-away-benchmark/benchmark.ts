import type { Benchmark } from '../../../eval/benchmarks/definition';
import { verdict } from '../../../eval/benchmarks/metric';

/** A benchmark that only a test knows: one folder, and the line that registers it. Even answers are right. */
export const evenAnswers: Benchmark = {
  name: 'even-answers',
  title: 'Even answers',
  task: 'understand',
  synthetic: true,
  protocol: 'even answers 1',
  repeats: 1,
  settings: ['maxNewTokens'],
  evaluators: [],
  metrics: [
    {
      ...{ metric: 'even', title: 'Even answers', better: 'higher', unit: 'percent', decimals: 1 },
      ...{ ofSamples: false, byGroup: true },
    },
    {
      ...{ metric: 'characters', title: 'Characters', better: 'lower', unit: 'points', decimals: 0 },
      ...{ ofSamples: true, secondary: true },
    },
    verdict,
  ],
  groups: ['short', 'long'],
  mainIs: 'mean of items',
  measure: async () => (await import('./methods')).measureText,
  load: async () => (await import('./methods')).methods,
};
