import { allBenchmarks } from '../../../eval/benchmarks';
import { runMetricsOf } from '../../../eval/benchmarks/definition';

/** What benchmarks call their metrics, by name; of two that share one the first counts. */
export function metricTitles(): { ofSamples: Record<string, string>; ofRuns: Record<string, string> } {
  const titles = (metrics: readonly { metric: string; title: string }[]) =>
    Object.fromEntries(metrics.map(({ metric, title }): [string, string] => [metric, title]).reverse());
  return {
    ofSamples: titles(allBenchmarks().flatMap(({ metrics }) => metrics)),
    ofRuns: titles(allBenchmarks().flatMap(runMetricsOf)),
  };
}
