import { benchmarks, isBenchmarkName } from '../../eval/benchmarks';
import type { z } from 'zod';
import type { Db } from '../db/client';
import type { runBenchmarkSchema } from '../runs/schema';
import { StudioError } from '../errors/errors';
import { figuresOf, publishedTitle } from './metrics';

export type BenchmarkInfo = z.infer<typeof runBenchmarkSchema>;

/** A benchmark of a page: one that the project runs, or one that only papers report. */
export function describeBenchmark(name: string): BenchmarkInfo {
  if (isBenchmarkName(name)) {
    const { title, task, synthetic } = benchmarks[name];
    return { name, title, task, synthetic };
  }
  // Those that are only published ask about pictures (Table 1 of the Nexus-Gen paper).
  return { name, title: publishedTitle(name), task: 'understand', synthetic: false };
}

export const isRunnable = (name: string): boolean => figuresOf(name) !== null;

/** What the project runs, in its order, then what only papers report. */
export function allBenchmarks(published: Iterable<string>): string[] {
  return [...new Set([...Object.keys(benchmarks), ...published])];
}

/** @throws StudioError NOT_FOUND for one that neither runs nor papers have */
export async function needBenchmark(db: Db, name: string): Promise<BenchmarkInfo> {
  if (!isBenchmarkName(name)) {
    const { rowCount } = await db.pool.query('SELECT 1 FROM published_result WHERE benchmark = $1 LIMIT 1', [
      name,
    ]);
    if (!rowCount)
      throw new StudioError('NOT_FOUND', `There is no benchmark ${JSON.stringify(name)}.`, {
        reason: 'NO_BENCHMARK',
      });
  }
  return describeBenchmark(name);
}
