import { setImmediate as turn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import { findBenchmark } from '../../../eval/benchmarks';
import type { SweptSample, ThresholdSweep } from '../../../eval/benchmarks/definition';
import { verdictMetric } from '../../../eval/benchmarks/metric';
import type { Db } from '../../platform/db/client';
import { StudioError } from '../../platform/errors/errors';
import { runEvaluatorsSchema } from '../run-evaluators';
import type { Reader } from '../../accounts/run-access';
import { readRunRow } from './detail';
import type { flipsSchema, FlipList, Sweep } from './schema';
import { tilesOf } from './tiles';

/** Samples read at a time. */
const atOnce = 100;
/** Milliseconds of work after which others have a turn. */
const slice = 15;
const mostFlips = 500;

interface Judged extends SweptSample {
  id: string;
}

/** By run and number of scored samples: what is judged does not change. A byte a sample and threshold, and an id. */
const kept = new LRUCache<string, Promise<Judged[]>>({ max: 20 });

async function verdicts(db: Db, run: SweptRun): Promise<Judged[]> {
  const key = `${run.id}:${run.scored}`;
  const found = kept.get(key);
  if (found) return found;
  const reading = judgeAgain(db, run, run.sweep.thresholds);
  reading.catch(() => kept.delete(key));
  kept.set(key, reading);
  return reading;
}

interface StoredVerdict {
  id: string;
  position: number;
  repeat: number;
  group: string;
  correct: boolean;
  data: unknown;
  detections: unknown;
}

async function* storedVerdicts(db: Db, { id: runId, sweep }: SweptRun): AsyncGenerator<StoredVerdict> {
  let [position, repeat] = [-1, -1];
  for (;;) {
    const { rows } = await db.pool.query<StoredVerdict>(
      `SELECT s.id, s.position, s.repeat, s."group", s.correct, i.data, c.details -> $4::text AS detections
       FROM sample s JOIN item i ON i.id = s.item_id JOIN score c ON c.sample_id = s.id AND c.metric = '${verdictMetric}'
       WHERE s.run_id = $1 AND s.correct IS NOT NULL AND (s.position, s.repeat) > ($2, $3)
         AND c.details ? $4::text
       ORDER BY s.position, s.repeat LIMIT ${atOnce}`,
      [runId, position, repeat, sweep.detail],
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < atOnce) return;
    ({ position, repeat } = last);
  }
}

/** In slices, so that nobody who asks for something else waits for it. */
async function judgeAgain(db: Db, run: SweptRun, thresholds: readonly number[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  let since = performance.now();
  for await (const { id, group, correct, data, detections } of storedVerdicts(db, run)) {
    const after: (boolean | null)[] = [];
    for (const threshold of thresholds)
      after.push((await run.sweep.rejudge(detections, data, threshold))?.correct ?? null);
    judged.push({ id, group, correct, after });
    if (performance.now() - since < slice) continue;
    await turn();
    since = performance.now();
  }
  return judged;
}

/** What other thresholds would make of a run. @throws StudioError NOT_FOUND; BAD_REQUEST where there are no detections */
export async function sweepRun(db: Db, reader: Reader, runId: string): Promise<Sweep> {
  const run = await sweepable(db, reader, runId);
  const { evaluators } = await db.prisma.evaluationRun.findUniqueOrThrow({
    where: { id: runId },
    select: { evaluators: true },
  });
  const thresholds = runEvaluatorsSchema.safeParse(evaluators).data?.detector?.thresholds;
  return {
    current: thresholds ?? run.sweep.official,
    points: run.sweep.points(await verdicts(db, run)),
  };
}

/** The samples that another threshold would make right or wrong. @throws as `sweepRun` */
export async function flipsOf(
  db: Db,
  reader: Reader,
  { runId, threshold, group }: z.output<typeof flipsSchema>,
): Promise<FlipList> {
  const run = await sweepable(db, reader, runId);
  const at = run.sweep.thresholds.indexOf(threshold);
  const judged = at < 0 ? await judgeAgain(db, run, [threshold]) : await verdicts(db, run);
  const own = judged.filter((one) => group === undefined || one.group === group);
  const now = ({ after }: Judged) => after[Math.max(at, 0)] ?? null;
  const flipped = own.filter((one) => now(one) !== null && now(one) !== one.correct);
  const shown = flipped.slice(0, mostFlips);
  const tiles = await tilesOf(
    db,
    reader,
    shown.map(({ id }) => id),
  );
  const reasons = await reasonsAt(
    db,
    run.sweep,
    tiles.map(({ id }) => id),
    threshold,
  );
  const before = new Map(shown.map(({ id, correct }) => [id, correct]));
  return {
    items: tiles.map((tile) => ({
      ...tile,
      before: before.get(tile.id)!,
      after: !before.get(tile.id)!,
      afterReason: reasons.get(tile.id) ?? '',
    })),
    total: flipped.length,
    unknown: own.filter((one) => now(one) === null).length,
  };
}

async function reasonsAt(
  db: Db,
  sweep: ThresholdSweep,
  ids: readonly string[],
  threshold: number,
): Promise<Map<string, string>> {
  const { rows } = await db.pool.query<Pick<StoredVerdict, 'id' | 'data' | 'detections'>>(
    `SELECT s.id, i.data, c.details -> $2::text AS detections
     FROM sample s JOIN item i ON i.id = s.item_id JOIN score c ON c.sample_id = s.id AND c.metric = '${verdictMetric}'
     WHERE s.id = ANY($1::uuid[])`,
    [ids, sweep.detail],
  );
  const reasons = new Map<string, string>();
  for (const { id, data, detections } of rows)
    reasons.set(id, (await sweep.rejudge(detections, data, threshold))?.reason ?? '');
  return reasons;
}

/** A run of which other thresholds can be told. */
interface SweptRun {
  id: string;
  scored: number;
  sweep: ThresholdSweep;
}

async function sweepable(db: Db, reader: Reader, runId: string): Promise<SweptRun> {
  const { id, benchmark, scored } = await readRunRow(db, reader, runId);
  const sweep = await findBenchmark(benchmark)?.sweep?.();
  if (sweep && scored > 0) return { id, scored, sweep };
  throw new StudioError('BAD_REQUEST', 'This run has no detections that another threshold could change.', {
    reason: 'NO_DETECTIONS',
  });
}
