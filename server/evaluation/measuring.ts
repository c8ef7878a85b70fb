import { findBenchmark } from '../../eval/benchmarks';
import type { Measure, MeasuredOutput, SampleScore } from '../../eval/benchmarks/definition';
import type { RunSettings } from '../../eval/benchmarks/settings';
import { UnmeasurableError } from '../../eval/benchmarks/unmeasurable';
import type { DatasetItem } from '../../eval/datasets/types';
import type { OpenEvaluators } from '../../eval/evaluators/open';

export interface MeasureRequest {
  /** Its name. */
  benchmark: string;
  settings: RunSettings;
  item: DatasetItem;
  output: MeasuredOutput;
}

export type MeasureResult = { scores: SampleScore[] } | { unmeasurable: string };

/** Measures outputs of any benchmark with evaluators that are open. */
export function measuring(evaluators: OpenEvaluators): (request: MeasureRequest) => Promise<MeasureResult> {
  const known = new Map<string, Promise<Measure>>();
  const measureOf = (name: string, settings: RunSettings): Promise<Measure> => {
    const key = JSON.stringify([name, settings]);
    const found = known.get(key) ?? findBenchmark(name)?.measure?.(evaluators, settings);
    if (!found) throw new TypeError(`${name} measures nothing sample by sample.`);
    known.set(key, found);
    found.catch(() => known.delete(key));
    return found;
  };
  return async ({ benchmark, settings, item, output }) => {
    try {
      const measure = await measureOf(benchmark, settings);
      return { scores: await measure(item, output) };
    } catch (error) {
      if (error instanceof UnmeasurableError) return { unmeasurable: error.message };
      throw error;
    }
  };
}
