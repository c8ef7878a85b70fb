import { findBenchmark } from '../../../eval/benchmarks';
import { hasVerdict, type Benchmark } from '../../../eval/benchmarks/definition';
import type { Db } from '../../platform/db/client';
import { presence } from '../../inference/health';
import { evaluatorsOf, presetOf } from '../runs/traits';
import { needBenchmark } from './benchmarks';
import { boardIdOf, differingParts, measuredBoard } from './boards';
import { figuresOfRun, measuredColumns } from './columns';
import { publishedBoards, publishedColumns, readPublishedResults } from './published';
import { bestFirst, mostTested, placeRows, type Ranked } from './ranks';
import { mainOf, readRuns, type BoardRun } from './runs';
import type { Board, Leaderboard, LeaderboardMetric, LeaderboardRow } from './schema';
import { askForTests, pairKey, readTests, type BoardKey } from '../pair-tests';

/**
 * The table of a benchmark: what was measured here, board by board, and what sources report.
 * @throws StudioError NOT_FOUND
 */
export async function readTable(db: Db, name: string): Promise<Leaderboard> {
  const own = findBenchmark(name);
  const [benchmark, runs, published] = await Promise.all([
    needBenchmark(db, name),
    own ? readRuns(db, { benchmark: name }) : [],
    readPublishedResults(db, name),
  ]);
  const groups = new Set(
    runs.flatMap(({ aggregates }) => aggregates.flatMap(({ group }) => (group === '' ? [] : [group]))),
  );
  // What papers break down is a column too where nothing was measured yet.
  for (const { metric } of published) if (own?.groups.includes(metric)) groups.add(metric);
  const ofRuns = own ? measuredColumns(own, [...groups]) : [];
  const columns = [...ofRuns, ...publishedColumns(published, new Set(ofRuns.map(({ metric }) => metric)))];
  const measured = own ? await measuredBoards(db, runs, own) : { boards: [], rows: [], missing: [] };
  const reported = publishedBoards(published, columns);
  await askForTests(db, measured.missing);
  const unserved = measured.missing.length > 0 && !(await presence(db)).any;
  const rows = [...measured.rows, ...reported.rows];
  return {
    benchmark,
    main: columns[0]?.metric ?? '',
    metrics: withValues(columns, rows),
    boards: [...(unserved ? measured.boards.map(withoutWorker) : measured.boards), ...reported.boards],
    rows,
  };
}

/** Says of a board whose tests are still to be computed that nobody is there to do it. */
const withoutWorker = (board: Board): Board =>
  board.test && board.test.pending > 0 ? { ...board, test: { ...board.test, unserved: true } } : board;

/** The main figure always; others where some row has them. */
const withValues = (columns: readonly LeaderboardMetric[], rows: readonly LeaderboardRow[]) =>
  columns.filter(({ metric }, i) => i === 0 || rows.some(({ figures }) => figures[metric] !== undefined));

/** Complete runs with a figure, which are ranked. */
const ranked = (runs: readonly BoardRun[], benchmark: Benchmark): Ranked[] =>
  runs.flatMap((run) => {
    const value = run.incomplete ? null : mainOf(run, benchmark);
    return value === null ? [] : [{ id: run.id, value }];
  });

async function measuredBoards(db: Db, runs: readonly BoardRun[], benchmark: Benchmark) {
  const [main] = benchmark.metrics;
  const byBoard = new Map<string, BoardRun[]>();
  for (const run of runs) byBoard.set(run.fingerprint, [...(byBoard.get(run.fingerprint) ?? []), run]);
  const all = [...byBoard.values()].map((own) => ({ own, ranked: ranked(own, benchmark) }));
  const tests = await readTests(
    db,
    all.flatMap(({ ranked: own }) => (own.length > 1 ? tested(own, benchmark) : [])),
  );
  const distinct = differingParts(all.map(({ own }) => own[0]!));
  const boards: Board[] = [];
  const rows: LeaderboardRow[] = [];
  const missing: BoardKey[] = [];
  for (const [i, { own, ranked: rankedRuns }] of all.entries()) {
    const items: number[] = [];
    const placings = placeRows(rankedRuns, main.better, (a, b) => {
      const test = tests.get(pairKey(a, b));
      if (test && test.p !== null) items.push(test.items);
      return test?.p ?? (test ? null : undefined);
    });
    const [{ versionId, fingerprint }] = own as [BoardRun];
    if (placings.pending > 0) missing.push({ versionId, fingerprint });
    boards.push({
      ...measuredBoard(own, {
        test: hasVerdict(benchmark) ? 'mcnemar' : 'paired bootstrap',
        placings,
        complete: rankedRuns.length,
        items: items.length > 0 ? Math.min(...items) : null,
      }),
      distinct: distinct[i]!,
    });
    rows.push(...own.map((run) => rowOf(run, benchmark, placings.of.get(run.id))));
  }
  return { ...inOrder(boards, rows), missing };
}

const tested = (runs: readonly Ranked[], { metrics: [main] }: Benchmark): string[] =>
  bestFirst(runs, main.better)
    .slice(0, mostTested)
    .map(({ id }) => id);

/** Boards that rank most come first. */
function inOrder(boards: Board[], rows: LeaderboardRow[]) {
  const count = (id: string, onlyRanked: boolean) =>
    rows.filter(({ board, rank }) => board === id && (!onlyRanked || rank !== null)).length;
  const sizes = new Map(boards.map(({ id }) => [id, [count(id, true), count(id, false)] as const]));
  const order = (a: Board, b: Board) => {
    const [one, other] = [sizes.get(a.id)!, sizes.get(b.id)!];
    return other[0] - one[0] || other[1] - one[1] || (a.id < b.id ? -1 : 1);
  };
  return { boards: boards.sort(order), rows };
}

function rowOf(
  run: BoardRun,
  benchmark: Benchmark,
  placing: { rank: number; groups: string } | undefined,
): LeaderboardRow {
  const { id, model, version, kind, recorded, incomplete, protocol, dataset, settings, commit, dirty } = run;
  return {
    id: `run:${id}`,
    kind: 'measured',
    ...{ model, version, modelKind: kind, runId: id, recorded, incomplete },
    ...{ name: run.name, note: run.note, tags: run.tags },
    board: boardIdOf(run.fingerprint),
    figures: figuresOfRun(run, benchmark),
    rank: placing?.rank ?? null,
    groups: placing?.groups ?? '',
    latencyMs: run.latencyMs,
    inconsistentMean: null,
    provenance: {
      by: recorded ? 'recorded in the repository' : 'this installation',
      ...{ place: null, url: null, commit, dirty, protocol, dataset, settings },
      evaluators: evaluatorsOf(run),
      preset: presetOf(run),
      fingerprint: run.fingerprint,
      date: run.finishedAt,
    },
  };
}

/** Pairs of a board's best runs that are not tested yet. `benchmark`: undefined where it is none of the project's. */
export async function missingTests(
  db: Db,
  board: BoardKey,
): Promise<{ benchmark: Benchmark | undefined; pairs: [string, string][] }> {
  const runs = await readRuns(db, { board });
  const benchmark = findBenchmark(runs[0]?.fingerprintOf.benchmark ?? '');
  if (!benchmark) return { benchmark, pairs: [] };
  const best = tested(ranked(runs, benchmark), benchmark);
  const known = await readTests(db, best);
  const pairs = best.flatMap((first, i) =>
    best.slice(i + 1).map((second): [string, string] => [first, second]),
  );
  return { benchmark, pairs: pairs.filter(([a, b]) => !known.has(pairKey(a, b))) };
}
