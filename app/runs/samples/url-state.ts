import { createLoader, parseAsStringLiteral, type inferParserType } from 'nuqs/server';
import type { MetricInfo, SampleFilter } from '@/server/evaluation/runs/schema';
import { parseAsId, parseAsNames, parseAsNumber, parseAsWords } from '../shared/url-parts';

/** What of a run's page stands in its address. */

export const verdicts = ['right', 'wrong'] as const;
export const sampleStates = ['scored', 'failed', 'unscored', 'generated'] as const;
export const orders = ['item', 'margin', 'lowest', 'highest', 'slowest'] as const;
export const views = ['overview', 'samples', 'thresholds'] as const;

export const filterParsers = {
  group: parseAsNames(100, 100),
  verdict: parseAsStringLiteral(verdicts),
  state: parseAsStringLiteral(sampleStates),
  reason: parseAsWords(200),
  q: parseAsWords(200),
  metric: parseAsWords(50),
  min: parseAsNumber,
  max: parseAsNumber,
  order: parseAsStringLiteral(orders),
};

export const runParsers = {
  ...filterParsers,
  view: parseAsStringLiteral(views),
  sample: parseAsId,
  threshold: parseAsNumber,
};

export const loadRunUrl = createLoader(runParsers);
export type FilterUrl = inferParserType<typeof filterParsers>;
export type RunUrl = inferParserType<typeof runParsers>;

/** An address without any filter. */
export const noFilter: FilterUrl = {
  ...{ group: null, verdict: null, state: null, reason: null, q: null },
  ...{ metric: null, min: null, max: null, order: null },
};

interface Known {
  groups: readonly string[];
  metrics: readonly Pick<MetricInfo, 'metric' | 'ofSamples'>[];
}

/** The filter that an address asks for, without the groups and metrics that the run has not. */
export function filterOf(url: FilterUrl, { groups, metrics }: Known): SampleFilter {
  const known = (url.group ?? []).filter((name) => groups.includes(name));
  const metric = metrics.find((one) => one.ofSamples && one.metric === url.metric)?.metric;
  const order = url.order ?? 'item';
  return {
    ...(known.length > 0 && { groups: known }),
    ...(url.verdict && { verdict: url.verdict }),
    ...(url.state && { state: url.state }),
    ...(url.reason && { reason: url.reason }),
    ...(url.q && { query: url.q }),
    ...(metric !== undefined && { metric }),
    ...(metric !== undefined && url.min !== null && { min: url.min }),
    ...(metric !== undefined && url.max !== null && { max: url.max }),
    order,
  };
}

/** How many things a filter asks for, its order apart. */
export const filterCount = ({ order: _order, min, max, ...rest }: SampleFilter): number =>
  Object.keys(rest).length - (rest.metric !== undefined && min === undefined && max === undefined ? 1 : 0);

/** What is looked at first: the samples where the address speaks of them. */
export function viewOf(url: RunUrl): (typeof views)[number] {
  if (url.view) return url.view;
  if (url.threshold !== null) return 'thresholds';
  const { view: _view, sample: _sample, threshold: _threshold, ...filters } = url;
  return Object.values(filters).some((value) => value !== null) ? 'samples' : 'overview';
}

/** Where a review of the samples that pass a filter is prepared. */
export function reviewHref(runId: string, { groups = [], verdict }: SampleFilter): string {
  const query = new URLSearchParams({ run: runId, ...(verdict && { verdict }) });
  for (const name of groups) query.append('group', name);
  return `/reviews/new?${query}`;
}

/** The address of a run with some filters. */
export function samplesHref(runId: string, filters: Partial<Record<keyof FilterUrl, string>>): string {
  const query = new URLSearchParams({ view: 'samples', ...filters });
  return `/runs/${runId}?${query}`;
}
