/** The benchmarks, as runs use them. */
import { benchmarkNames, type BenchmarkDefinition, type BenchmarkName } from './definition';
import { imagepulse, syntheticEdits } from './editing/methods';
import { geneval } from './geneval/methods';
import { mmmu, syntheticMmmu } from './mmmu/methods';

export const benchmarks: Readonly<Record<BenchmarkName, BenchmarkDefinition>> = {
  geneval,
  mmmu,
  imagepulse,
  'synthetic-edits': syntheticEdits,
  'synthetic-mmmu': syntheticMmmu,
};

export const isBenchmarkName = (name: string): name is BenchmarkName =>
  (benchmarkNames as readonly string[]).includes(name);

export const benchmarkOf = (name: BenchmarkName): BenchmarkDefinition => benchmarks[name];
