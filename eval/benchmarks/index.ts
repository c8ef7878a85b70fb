/** The benchmarks. A further one is its folder, and its name in the list below. */
import type { Benchmark, BenchmarkDefinition } from './definition';
import { imagepulse, syntheticEdits } from './editing/benchmark';
import { geneval } from './geneval/benchmark';
import type { Metric } from './metric';
import { mmmu, syntheticMmmu } from './mmmu/benchmark';

const registered = new Map<string, Benchmark>();

/**
 * Makes benchmarks known to everything in this process: commands, runs, pages, tables.
 * @returns a function that removes them again
 */
export function registerBenchmarks(...all: readonly Benchmark[]): () => void {
  for (const one of all) registered.set(one.name, one);
  return () => {
    for (const { name } of all) registered.delete(name);
  };
}

registerBenchmarks(geneval, mmmu, imagepulse, syntheticEdits, syntheticMmmu);

/** All of them, in the order in which they are told. */
export const allBenchmarks = (): readonly Benchmark[] => [...registered.values()];

/** Undefined for a name that is none, e.g. of a run that a later version made. */
export const findBenchmark = (name: string): Benchmark | undefined => registered.get(name);

/** A benchmark with its methods. @throws TypeError for a name that is none */
export async function benchmarkOf(name: string): Promise<BenchmarkDefinition> {
  const benchmark = findBenchmark(name);
  if (!benchmark) throw new TypeError(`Unknown benchmark ${name}.`);
  return { ...benchmark, ...(await benchmark.load()) };
}

/** How a metric of a benchmark is read; undefined where it has none of that name, or nobody knows the benchmark. */
export const metricOf = (benchmark: string, metric: string): Metric | undefined =>
  findBenchmark(benchmark)?.metrics.find((one) => one.metric === metric);
