import type { Db } from '../db/client';
import { StudioError } from '../errors/errors';
import { describeBenchmark, runnable, type BenchmarkInfo } from './metrics';

/** What the project runs, in its order, then what only papers report. */
export function allBenchmarks(published: Iterable<string>): string[] {
  return [...new Set([...runnable.map(({ name }) => name), ...published])];
}

/** @throws StudioError NOT_FOUND for one that neither runs nor papers have */
export async function needBenchmark(db: Db, name: string): Promise<BenchmarkInfo> {
  if (!runnable.some((one) => one.name === name)) {
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
