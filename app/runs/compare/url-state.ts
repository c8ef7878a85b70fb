import { createLoader, parseAsStringLiteral, type inferParserType } from 'nuqs/server';
import type { ComparedItems } from '@/server/evaluation/runs/schema';
import { parseAsId, parseAsNames, parseAsWords } from '../shared/url-parts';

export const sides = ['gained', 'lost', 'both', 'neither'] as const;
export type Which = (typeof sides)[number];

/** What of a comparison stands in its address. */
export const compareParsers = {
  first: parseAsId,
  second: parseAsId,
  metric: parseAsWords(50),
  which: parseAsStringLiteral(sides),
  group: parseAsNames(100, 100),
  /** The sample of the first run whose pair is looked at. */
  pair: parseAsId,
};
export const loadCompareUrl = createLoader(compareParsers);
export type CompareUrl = inferParserType<typeof compareParsers>;

/** Pairs of one page. */
export const pairPage = 50;

/** The metric that is looked at: the one asked for where there is such a one, else the first. Null without any. */
export const metricOf = (asked: string | null, metrics: readonly { metric: string }[]): string | null =>
  metrics.find(({ metric }) => metric === asked)?.metric ?? metrics[0]?.metric ?? null;

/** Which items the server is asked for. */
export const pairsInput = (
  { first, second }: { first: string; second: string },
  metric: string,
  { which, group }: Pick<CompareUrl, 'which' | 'group'>,
  known: readonly string[],
): ComparedItems => {
  const groups = (group ?? []).filter((name) => known.includes(name));
  return {
    ...{ first, second, metric, which: which ?? 'lost', limit: pairPage },
    ...(groups.length > 0 && { groups }),
  };
};

/** The address of the same comparison the other way round: what was gained is lost. */
export const swapped = ({ first, second, which }: CompareUrl): Partial<CompareUrl> => ({
  first: second,
  second: first,
  which: which === 'gained' ? 'lost' : which === 'lost' ? 'gained' : which,
  pair: null,
});
