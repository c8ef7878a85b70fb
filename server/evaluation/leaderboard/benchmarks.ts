import { allBenchmarks, findBenchmark } from '../../../eval/benchmarks';
import type { Benchmark } from '../../../eval/benchmarks/definition';
import type { Db } from '../../platform/db/client';
import { StudioError } from '../../platform/errors/errors';

/** A benchmark of a page: one that the project runs, or one that only papers report. */
export type BenchmarkInfo = Pick<Benchmark, 'name' | 'title' | 'task' | 'synthetic'>;

/** Benchmarks that only papers report, by the names of server/evaluation/published. */
const titles: Readonly<Record<string, string>> = {
  mme: 'MME',
  'seed-bench': 'SEED-Bench',
  textvqa: 'TextVQA',
  vqav2: 'VQAv2',
  realworldqa: 'RealWorldQA',
};

export function describeBenchmark(name: string): BenchmarkInfo {
  const own = findBenchmark(name);
  if (own) return { name, title: own.title, task: own.task, synthetic: own.synthetic };
  // Those that are only published ask about pictures (Table 1 of the Nexus-Gen paper).
  const title = Object.hasOwn(titles, name) ? titles[name]! : name;
  return { name, title, task: 'understand', synthetic: false };
}

/** What the project runs, in its order, then what only papers report. */
export function benchmarkNames(published: Iterable<string>): string[] {
  return [...new Set([...allBenchmarks().map(({ name }) => name), ...published])];
}

/** @throws StudioError NOT_FOUND for one that neither runs nor papers have */
export async function needBenchmark(db: Db, name: string): Promise<BenchmarkInfo> {
  if (!findBenchmark(name)) {
    const { rowCount } = await db.pool.query('SELECT 1 FROM published_result WHERE benchmark = $1 LIMIT 1', [
      name,
    ]);
    if (!rowCount)
      throw new StudioError('NOT_FOUND', `Unknown benchmark ${JSON.stringify(name)}.`, {
        reason: 'NO_BENCHMARK',
      });
  }
  return describeBenchmark(name);
}
