import { allBenchmarks, findBenchmark } from '../../../eval/benchmarks';
import { infoOf, scaleOf, type MetricInfo } from '../../../eval/benchmarks/metric';
import type { Db } from '../../platform/db/client';
import { publishedSql } from '../../accounts/run-access';
import { benchmarkNames, describeBenchmark } from './benchmarks';
import { columnOfPublished } from './columns';
import { publishedColumns, readPublishedResults, type StoredPublished } from './published';
import type { Figure, Overview } from './schema';

type OverviewFigure = Overview['rows'][number]['figures'][string];

/** Every benchmark, and for each model its best complete figure on each of them. */
export async function readOverview(db: Db): Promise<Overview> {
  const [runs, counts, published] = await Promise.all([
    readMainFigures(db),
    countMeasured(db),
    readPublishedResults(db),
  ]);
  const names = benchmarkNames(published.map(({ benchmark }) => benchmark));
  const mains = new Map(names.map((name) => [name, mainColumn(name, published)]));
  const rows = new Map<string, Record<string, OverviewFigure>>();
  const offer = (model: string, benchmark: string, figure: OverviewFigure) => {
    const own = rows.get(model) ?? {};
    rows.set(model, own);
    const known = own[benchmark];
    const lower = mains.get(benchmark)?.better === 'lower';
    if (!known || (lower ? figure.value < known.value : figure.value > known.value)) own[benchmark] = figure;
  };
  for (const run of runs) offer(run.model, run.benchmark, measuredFigure(run));
  for (const result of published)
    if (columnOfPublished(result.benchmark, result.metric) === mains.get(result.benchmark)?.metric)
      offer(result.model, result.benchmark, publishedFigure(result));
  return {
    benchmarks: names.map((name) => ({
      ...describeBenchmark(name),
      main: mains.get(name)!,
      measured: counts.get(name) ?? 0,
      published: new Set(
        published.filter((one) => one.benchmark === name).map(({ model, source }) => `${model} ${source}`),
      ).size,
      runnable: findBenchmark(name) !== undefined,
    })),
    rows: [...rows]
      .map(([model, figures]) => ({ model, figures }))
      .sort((a, b) => a.model.localeCompare(b.model, 'en', { numeric: true })),
  };
}

/** Of a benchmark that only papers report: the first that they name. */
function mainColumn(name: string, published: readonly StoredPublished[]): MetricInfo {
  const main =
    findBenchmark(name)?.metrics[0] ??
    publishedColumns(
      published.filter(({ benchmark }) => benchmark === name),
      new Set(),
    )[0]!;
  return infoOf(main);
}

interface MainFigure {
  benchmark: string;
  model: string;
  run: string;
  recorded: boolean;
  mean: number;
  low: number | null;
  high: number | null;
  n: number;
}

/** Newest first, so that of equal ones the newest is told. */
async function readMainFigures(db: Db): Promise<MainFigure[]> {
  const mains = allBenchmarks().map(({ name, metrics: [main] }) => ({ name, metric: main.metric }));
  const { rows } = await db.pool.query<MainFigure>(
    `SELECT b.name AS benchmark, m.name AS model, r.id AS run, r.recorded, a.mean, a.low, a.high, a.n
     FROM evaluation_run r JOIN benchmark_version v ON v.id = r.version_id JOIN benchmark b ON b.id = v.benchmark_id
       JOIN unnest($1::text[], $2::text[]) AS main(name, metric) ON main.name = b.name
       JOIN aggregate a ON a.run_id = r.id AND a.metric = main.metric AND a."group" = ''
       JOIN model_revision rev ON rev.id = r.revision_id JOIN model m ON m.id = rev.model_id
     WHERE r.state = 'done' AND NOT r.incomplete AND ${publishedSql} ORDER BY r.created_at DESC, r.id`,
    [mains.map(({ name }) => name), mains.map(({ metric }) => metric)],
  );
  return rows;
}

/** Rows of each benchmark's table, incomplete ones too. */
async function countMeasured(db: Db): Promise<Map<string, number>> {
  const { rows } = await db.pool.query<{ name: string; n: number }>(
    `SELECT b.name, count(DISTINCT (r.revision_id, r.fingerprint))::int AS n
     FROM evaluation_run r JOIN benchmark_version v ON v.id = r.version_id JOIN benchmark b ON b.id = v.benchmark_id
     WHERE r.state = 'done' AND ${publishedSql} GROUP BY b.name`,
  );
  return new Map(rows.map(({ name, n }) => [name, n]));
}

function measuredFigure({ benchmark, run, recorded, mean, low, high, n }: MainFigure): OverviewFigure {
  const [main] = findBenchmark(benchmark)!.metrics;
  const scale = scaleOf(main);
  const interval: Figure['interval'] = low === null || high === null ? null : [low * scale, high * scale];
  return {
    ...{ value: mean * scale, decimals: main.decimals, interval, n, kind: 'measured', runId: run },
    source: recorded ? 'recorded in the repository' : 'this installation',
  };
}

const publishedFigure = ({ value, decimals, source, place }: StoredPublished): OverviewFigure => ({
  ...{ value, decimals, interval: null, n: null, kind: 'published', runId: null },
  source: `${source}, ${place}`,
});
