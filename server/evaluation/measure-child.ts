/** Entry of a child that measures: holds the evaluators of runs. Started by measurers.ts, one process a worker. */
import type { BenchmarkName, Measure } from '../../eval/benchmarks/definition';
import { serve } from '../inference/serve';
import type { MeasureArguments, MeasureRequest, MeasureResult } from './measurers';

await serve<MeasureArguments, MeasureRequest, MeasureResult>(async ({ directories }) => {
  const [{ openEvaluators }, { benchmarkOf }, { UnmeasurableError }, { sha256 }] = await Promise.all([
    import('../../eval/evaluators/open'),
    import('../../eval/benchmarks'),
    import('../../eval/benchmarks/definition'),
    import('../../eval/fingerprint'),
  ]);
  const evaluators = await openEvaluators(directories);
  const identities = [evaluators.detector, evaluators.clip, evaluators.dino].flatMap(
    (one) => one?.hash ?? [],
  );
  const known = new Map<string, Measure>();
  const measureOf = (name: BenchmarkName, settings: MeasureRequest['settings']): Measure => {
    const key = JSON.stringify([name, settings]);
    const found = known.get(key) ?? benchmarkOf(name).measure?.(evaluators, settings);
    if (!found) throw new TypeError(`${name} measures nothing sample by sample.`);
    known.set(key, found);
    return found;
  };
  return {
    manifest: { name: 'evaluators', version: String(identities.length) },
    hash: sha256(JSON.stringify(identities)),
    run: async ({ benchmark, settings, item, output }) => {
      try {
        return { scores: await measureOf(benchmark, settings)(item, output) };
      } catch (error) {
        if (error instanceof UnmeasurableError) return { unmeasurable: error.message };
        throw error;
      }
    },
  };
});
