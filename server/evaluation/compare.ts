import { setImmediate as turn } from 'node:timers/promises';
import { metricOf } from '../../eval/benchmarks';
import { verdictMetric } from '../../eval/benchmarks/metric';
import {
  compareRuns,
  pairedDifference,
  resampling,
  type PairedDifference,
  type Verdict,
} from '../../eval/statistics';
import { clusteredSignP } from '../../eval/statistics/clustered-sign';
import { significance } from '../../eval/statistics/verdict';
import type { Db } from '../platform/db/client';
import { StudioError } from '../platform/errors/errors';
import { readPairs, type PairedFigure } from './pairs';
import { reportRun } from './report';

/** What differs between two runs on the items that both have scored. */
export interface RunComparison {
  /** Name of the benchmark of both. */
  benchmark: string;
  first: { run: string; model: string };
  second: { run: string; model: string };
  /** Parts of the fingerprints that differ: where there are any, the figures are not of the same measurement. */
  differences: string[];
  /** Samples that both have scored. */
  common: number;
  /** Scored by only one of them. */
  alone: { first: number; second: number };
  metrics: MetricComparison[];
}

export interface MetricComparison {
  metric: string;
  first: number;
  second: number;
  /** Second minus first. */
  difference: number;
  /** McNemar's test of right and wrong, paired bootstrap of other figures. */
  test: 'mcnemar' | 'paired bootstrap';
  p: number | null;
  /** 95 % interval of the difference; null for McNemar's. */
  interval: [number, number] | null;
  /**
   * McNemar takes samples as independent, which several of one item are not quite: the same test with the samples of an
   * item taken together, and the paired bootstrap of the items' means. Null where every item has one.
   */
  byItem: { n: number; p: number; interval: [number, number] | null; verdict: Verdict } | null;
  /** Samples that only the second, or only the first has right, or in which it is ahead. */
  gained: number;
  lost: number;
  /** Of the second run. A difference inside the noise is a tie. */
  verdict: Verdict;
}

/** Whether less is better of a metric. */
export const lessIsBetter = (benchmark: string, metric: string): boolean =>
  metricOf(benchmark, metric)?.better === 'lower';

/**
 * Compares two runs sample by sample.
 * @throws StudioError NOT_FOUND, BAD_REQUEST when they are of different benchmarks or have no sample in common
 */
export async function compare(db: Db, firstId: string, secondId: string): Promise<RunComparison> {
  const [a, b] = await Promise.all([reportRun(db, firstId), reportRun(db, secondId)]);
  refuseOthers(a.benchmark, b.benchmark);
  const { common, metrics } = await compareFigures(db, a.benchmark.name, firstId, secondId);
  return {
    benchmark: a.benchmark.name,
    first: { run: a.run, model: `${a.model.name} ${a.model.version}` },
    second: { run: b.run, model: `${b.model.name} ${b.model.version}` },
    differences: differencesOf(a.fingerprint, b.fingerprint),
    common,
    alone: { first: a.counts.scored - common, second: b.counts.scored - common },
    metrics,
  };
}

/** @throws StudioError BAD_REQUEST when two runs are of different benchmarks */
export function refuseOthers(a: { name: string; title: string }, b: { name: string; title: string }): void {
  if (a.name !== b.name)
    throw new StudioError('BAD_REQUEST', `The runs use different benchmarks, ${a.title} and ${b.title}.`, {
      reason: 'DIFFERENT_BENCHMARKS',
      params: { first: a.title, second: b.title },
    });
}

/** @throws StudioError BAD_REQUEST when the runs have no scored sample in common */
export async function compareFigures(
  db: Db,
  benchmark: string,
  first: string,
  second: string,
): Promise<{ common: number; metrics: MetricComparison[]; groups: GroupComparison[] }> {
  const { common, figures: pairs } = await readPairs(db, { first, second });
  if (pairs.length === 0)
    throw new StudioError('BAD_REQUEST', 'The runs have no scored samples in common.', {
      reason: 'NOTHING_IN_COMMON',
    });
  const metrics: MetricComparison[] = [];
  for (const one of pairs) metrics.push(await compareMetric(benchmark, one));
  return { common, metrics, groups: pairs.flatMap(groupsOf) };
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

async function compareMetric(benchmark: string, pairs: PairedFigure): Promise<MetricComparison> {
  const { metric, first, second } = pairs;
  const common = { metric, first: mean(first), second: mean(second), difference: mean(second) - mean(first) };
  if (metric === verdictMetric) {
    const right = (values: readonly number[]) => values.map((value) => value === 1);
    const { gained, lost, p, verdict } = compareRuns(right(first), right(second));
    const byItem = await comparedByItem(pairs);
    return { ...common, test: 'mcnemar', p, interval: null, byItem, gained, lost, verdict };
  }
  const lower = lessIsBetter(benchmark, metric);
  const differences = first.map((value, i) => second[i]! - value);
  const { verdict, interval } = await interruptible(differences, lower);
  const ahead = differences.filter((one) => (lower ? one < 0 : one > 0)).length;
  const behind = differences.filter((one) => (lower ? one > 0 : one < 0)).length;
  return {
    ...common,
    ...{
      test: 'paired bootstrap',
      p: null,
      interval: pairOf(interval),
      byItem: null,
      gained: ahead,
      lost: behind,
      verdict,
    },
  };
}

async function comparedByItem({
  positions,
  first,
  second,
}: PairedFigure): Promise<MetricComparison['byItem']> {
  const byItem = new Map<number, number[]>();
  for (const [i, position] of positions.entries()) {
    const own = byItem.get(position) ?? [];
    byItem.set(position, own);
    own.push(second[i]! - first[i]!);
  }
  if (byItem.size === positions.length) return null;
  const all = [...byItem.values()];
  const { difference, interval } = await interruptible(all.map(mean), false);
  const p = clusteredSignP(all.map((own) => own.reduce((sum, one) => sum + one, 0)));
  const verdict = p >= significance ? 'tie' : (difference ?? 0) > 0 ? 'better' : 'worse';
  return { n: byItem.size, p, interval: pairOf(interval), verdict };
}

/** Milliseconds of work after which others of this process have a turn. */
const slice = 15;

async function interruptible(
  differences: readonly number[],
  lowerIsBetter: boolean,
): Promise<PairedDifference> {
  const steps = resampling(differences);
  let since = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return pairedDifference(differences, () => value, { lowerIsBetter });
    if (performance.now() - since < slice) continue;
    await turn();
    since = performance.now();
  }
}

const pairOf = (interval: PairedDifference['interval']): [number, number] | null =>
  interval && [interval[0], interval[1]];

export interface GroupComparison {
  group: string;
  metric: string;
  first: number;
  second: number;
  n: number;
}

/** The means of each group, in the order of the data set. */
function groupsOf({ metric, groups, first, second }: PairedFigure): GroupComparison[] {
  const places = new Map<string, number[]>();
  for (const [i, group] of groups.entries()) {
    const own = places.get(group) ?? [];
    places.set(group, own);
    own.push(i);
  }
  return [...places].map(([group, own]) => ({
    ...{ group, metric, n: own.length },
    first: mean(own.map((i) => first[i]!)),
    second: mean(own.map((i) => second[i]!)),
  }));
}

/** Names of the parts of two fingerprints that differ. */
export function differencesOf(a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => name !== 'id' && JSON.stringify(a[name]) !== JSON.stringify(b[name]))
    .sort();
}
