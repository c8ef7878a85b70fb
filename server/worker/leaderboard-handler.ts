import { hasVerdict, sampleMetricOf, type Benchmark } from '../../eval/benchmarks/definition';
import { clusteredSignP } from '../../eval/statistics/clustered-sign';
import { pairedBootstrap } from '../../eval/statistics';
import type { Db } from '../platform/db/client';
import { isConnectionError } from '../platform/errors/errors';
import type { Logger } from '../platform/log/log';
import { missingTests } from '../evaluation/leaderboard/table';
import { addTests, writeTest, type BoardKey, type TestResult } from '../evaluation/pair-tests';

/** After so long the rest is put back into the queue, so that others come first. */
const sliceMs = 1500;

/**
 * Computes the tests that are missing between the best runs of a board, and stores them. Safe to repeat: what
 * is there is not computed again.
 */
export async function computeTests({ db, log }: { db: Db; log: Logger }, board: BoardKey): Promise<void> {
  const { benchmark, pairs } = await missingTests(db, board);
  if (!benchmark) return;
  const end = performance.now() + sliceMs;
  const read = new Map<string, Promise<ItemScores>>();
  const scoresOf = (run: string) => {
    const known = read.get(run) ?? readScores(db, run, benchmark);
    read.set(run, known);
    return known;
  };
  for (const [i, [first, second]] of pairs.entries()) {
    let result: TestResult;
    try {
      const [a, b] = await Promise.all([scoresOf(first), scoresOf(second)]);
      result = testPair(a, b, benchmark);
    } catch (error) {
      // The job runs again.
      if (isConnectionError(error)) throw error;
      log.error({ err: error, first, second }, 'two runs could not be tested');
      result = { test: nameOf(benchmark), items: 0, difference: null, p: null };
    }
    await writeTest(db, first, second, result);
    if (performance.now() > end && i < pairs.length - 1) {
      await addTests(db.pool, board);
      return;
    }
  }
}

const nameOf = (benchmark: Tested) => (hasVerdict(benchmark) ? 'mcnemar' : 'paired bootstrap');

type Tested = Pick<Benchmark, 'metrics'>;

/** What each item has come to, by its position, rising: the values of its samples, by their repeat. */
export type ItemScores = readonly { position: number; values: ReadonlyMap<number, number> }[];

/**
 * Whether two runs differ on the samples that both have scored: McNemar's test, samples of one item taken together, of
 * right and wrong; the paired bootstrap over the items' means of other figures.
 */
export function testPair(first: ItemScores, second: ItemScores, benchmark: Tested): TestResult {
  const others = new Map(second.map(({ position, values }) => [position, values]));
  const means: [number, number][] = [];
  const gains: number[] = [];
  let samples = 0;
  for (const { position, values } of first) {
    const both = [...values].flatMap(([repeat, value]) => {
      const other = others.get(position)?.get(repeat);
      return other === undefined ? [] : [[value, other] as const];
    });
    if (both.length === 0) continue;
    const sums = both.reduce(([a, b], [one, other]) => [a + one, b + other] as const, [0, 0] as const);
    means.push([sums[0] / both.length, sums[1] / both.length]);
    gains.push(sums[1] - sums[0]);
    samples += both.length;
  }
  const test = nameOf(benchmark);
  if (means.length === 0) return { test, items: 0, difference: null, p: null };
  if (hasVerdict(benchmark)) {
    const gained = gains.reduce((sum, one) => sum + one, 0);
    return { test, items: means.length, difference: gained / samples, p: clusteredSignP(gains) };
  }
  const { difference, p } = pairedBootstrap(
    means.map(([one]) => one),
    means.map(([, other]) => other),
  );
  return { test, items: means.length, difference, p };
}

async function readScores(db: Db, run: string, benchmark: Tested): Promise<ItemScores> {
  const { rows } = await db.pool.query<{ position: number; repeat: number; value: number }>(
    `SELECT i.position, s.repeat, c.value FROM sample s JOIN item i ON i.id = s.item_id
       JOIN score c ON c.sample_id = s.id AND c.metric = $2
     WHERE s.run_id = $1 ORDER BY i.position, s.repeat`,
    [run, sampleMetricOf(benchmark)],
  );
  const items: { position: number; values: Map<number, number> }[] = [];
  for (const { position, repeat, value } of rows) {
    const last = items.at(-1);
    if (last?.position === position) last.values.set(repeat, value);
    else items.push({ position, values: new Map([[repeat, value]]) });
  }
  return items;
}
