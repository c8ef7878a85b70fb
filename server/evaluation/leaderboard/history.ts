import { findBenchmark } from '../../../eval/benchmarks';
import type { Db } from '../../platform/db/client';
import { needBenchmark } from './benchmarks';
import { boardIdOf } from './boards';
import { figuresOfRun } from './columns';
import { readRuns } from './runs';
import type { ModelHistory } from './schema';

/**
 * The main figure of every run of a model on a benchmark that is done, oldest first; of many the newest 500. Empty for a
 * model that was not measured.
 * @throws StudioError NOT_FOUND for a benchmark that is none
 */
export async function readHistory(
  db: Db,
  { benchmark, model }: { benchmark: string; model: string },
): Promise<ModelHistory> {
  await needBenchmark(db, benchmark);
  const own = findBenchmark(benchmark);
  if (!own) return [];
  const runs = await readRuns(db, { benchmark, model, everyRun: true });
  return runs
    .flatMap((run) => {
      const figure = figuresOfRun(run, own)[own.metrics[0].metric];
      const { id, version, finishedAt: date, incomplete } = run;
      return figure
        ? [{ runId: id, version, date, figure, board: boardIdOf(run.fingerprint), incomplete }]
        : [];
    })
    .sort((a, b) => a.date.getTime() - b.date.getTime());
}
