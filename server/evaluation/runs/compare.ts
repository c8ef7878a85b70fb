import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { verdictMetric } from '../../../eval/benchmarks/metric';
import type { Db } from '../../platform/db/client';
import {
  compareFigures,
  differencesOf,
  lessIsBetter,
  refuseOthers,
  type GroupComparison,
  type MetricComparison,
} from '../compare';
import { pairsFrom } from '../pairs';
import type { Reader } from '../../accounts/run-access';
import { decodeCursor, encodeCursor } from './cursor';
import { readRunRow } from './detail';
import type { ComparedList, comparedItemsSchema, compareRunsSchema, Comparison } from './schema';
import { tilesOf } from './tiles';
import { metricsOf, runRow } from './view';

type Figures = { common: number; metrics: MetricComparison[]; groups: GroupComparison[] };

/** By both runs and how many samples each has scored: what was compared does not change. */
const kept = new LRUCache<string, Promise<Figures>>({ max: 50 });

/**
 * What the second run gained and lost against the first, and whether that is more than noise.
 * @throws StudioError NOT_FOUND; BAD_REQUEST for runs of different benchmarks, or without a sample in common
 */
export async function compareRuns(
  db: Db,
  reader: Reader,
  { first, second }: z.output<typeof compareRunsSchema>,
): Promise<Comparison> {
  const [a, b] = await Promise.all([readRunRow(db, reader, first), readRunRow(db, reader, second)]);
  refuseOthers({ name: a.benchmark, title: a.title }, { name: b.benchmark, title: b.title });
  const key = [first, a.scored, second, b.scored].join(':');
  let figures = kept.get(key);
  if (!figures) {
    figures = compareFigures(db, a.benchmark, first, second);
    figures.catch(() => kept.delete(key));
    kept.set(key, figures);
  }
  const [of, { common, metrics, groups }] = await Promise.all([fingerprints(db, first, second), figures]);
  return {
    first: runRow(a, reader),
    second: runRow(b, reader),
    differences: differencesOf(of.first, of.second).map((name) => ({
      ...{ name, first: of.first[name] ?? null, second: of.second[name] ?? null },
    })),
    common,
    alone: { first: a.scored - common, second: b.scored - common },
    metricInfos: metricsOf(a.benchmark).filter(({ ofSamples }) => ofSamples),
    ...{ metrics, groups },
  };
}

async function fingerprints(db: Db, first: string, second: string) {
  const rows = await db.prisma.evaluationRun.findMany({
    where: { id: { in: [first, second] } },
    select: { id: true, fingerprintOf: true },
  });
  const of = (id: string) =>
    (rows.find((row) => row.id === id)?.fingerprintOf ?? {}) as Record<string, unknown>;
  return { first: of(first), second: of(second) };
}

/**
 * A page of the samples that both have scored, in the order of the first's items.
 * @throws as `compareRuns`, BAD_REQUEST for a cursor of another list
 */
export async function comparedItems(
  db: Db,
  reader: Reader,
  { first, second, metric, which, groups, cursor, limit }: z.output<typeof comparedItemsSchema>,
): Promise<ComparedList> {
  const [a, b] = await Promise.all([readRunRow(db, reader, first), readRunRow(db, reader, second)]);
  refuseOthers({ name: a.benchmark, title: a.title }, { name: b.benchmark, title: b.title });
  const values: unknown[] = [first, second];
  const given = (value: unknown) => `$${values.push(value)}`;
  let from = `${await pairsFrom(db, { first, second })} AND ${conditionOf(a.benchmark, metric, which, given)}`;
  if (groups !== undefined) from += ` AND s."group" = ANY(${given(groups)}::text[])`;
  const counted = [...values];
  const listName = `compared:${metric}:${which}`;
  let after = '';
  if (cursor) {
    const [position, repeat] = decodeCursor(listName, [z.int32(), z.int32()], cursor);
    after = `AND (s.position, s.repeat) > (${given(position)}::int, ${given(repeat)}::int)`;
  }
  const [{ rows }, count] = await Promise.all([
    db.pool.query<{ id: string; other: string; position: number; repeat: number }>(
      `SELECT s.id, t.id AS other, s.position, s.repeat ${from} ${after}
       ORDER BY s.position, s.repeat LIMIT ${given(limit + 1)}`,
      values,
    ),
    cursor ? null : db.pool.query<{ n: number }>(`SELECT count(*)::int AS n ${from}`, counted),
  ]);
  const page = rows.slice(0, limit);
  const tiles = new Map(
    (
      await tilesOf(
        db,
        reader,
        page.flatMap(({ id, other }) => [id, other]),
      )
    ).map((tile) => [tile.id, tile]),
  );
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.flatMap(({ id, other }) => {
      const [one, two] = [tiles.get(id), tiles.get(other)];
      return one && two ? [{ first: one, second: two }] : [];
    }),
    nextCursor: last ? encodeCursor(listName, [last.position, last.repeat]) : null,
    total: count?.rows[0]?.n ?? null,
  };
}

type Which = z.output<typeof comparedItemsSchema>['which'];

/** SQL on `s` and `t`. */
function conditionOf(
  benchmark: string,
  metric: string,
  which: Which,
  given: (value: unknown) => string,
): string {
  if (metric === verdictMetric)
    return {
      gained: 'NOT s.correct AND t.correct',
      lost: 's.correct AND NOT t.correct',
      both: 's.correct AND t.correct',
      neither: 'NOT s.correct AND NOT t.correct',
    }[which];
  const name = given(metric);
  const of = (sample: string) =>
    `(SELECT k.value FROM score k WHERE k.sample_id = ${sample}.id AND k.metric = ${name})`;
  const lower = lessIsBetter(benchmark, metric);
  return {
    gained: `${of('t')} ${lower ? '<' : '>'} ${of('s')}`,
    lost: `${of('t')} ${lower ? '>' : '<'} ${of('s')}`,
    both: `${of('t')} = ${of('s')}`,
    neither: `false AND ${name}::text = ''`,
  }[which];
}
