import type { Board, LeaderboardRow } from './schema';

/**
 * What is to be known of boards and rows beside their figures, for the page and for files alike, so that neither says
 * less than the other. Browser-safe: types only.
 */

/** A part in which a board differs from the others; an empty value is left to each model. */
export interface ToldPart {
  /** As in the fingerprint, e.g. `settings.language`. */
  name: string;
  value: string;
}

/** The parts that the protocol, the evaluators and the number of items do not tell. */
export const toldParts = ({ distinct }: Pick<Board, 'distinct'>): ToldPart[] =>
  Object.entries(distinct)
    .map(([name, value]) => ({ name, value }))
    .filter(({ name, value }) => {
      if (/^(evaluators|items$|repeats$|protocol$)/.test(name)) return false;
      // Only settings are left to the model; what else is not named plays no part.
      return value !== '' || name.startsWith('settings.');
    });

export type Mark =
  | { mark: 'recorded' | 'imported' | 'endpoint' | 'incomplete' }
  | { mark: 'inconsistent'; overall: string; mean: string };

/** What is to be known of a row before its figures are believed. @param main the metric by which rows are ranked */
export function marksOf(row: LeaderboardRow, main: string): Mark[] {
  const { incomplete, inconsistentMean, figures, recorded, modelKind } = row;
  const overall = figures[main];
  return [
    ...(recorded ? [{ mark: 'recorded' as const }] : []),
    ...(modelKind === 'imported' || modelKind === 'endpoint' ? [{ mark: modelKind }] : []),
    ...(incomplete ? [{ mark: 'incomplete' as const }] : []),
    ...(inconsistentMean !== null && overall
      ? [
          {
            mark: 'inconsistent' as const,
            overall: overall.value.toFixed(overall.decimals),
            mean: inconsistentMean.toFixed(overall.decimals + 1),
          },
        ]
      : []),
  ];
}

/**
 * The facts of where a row comes from, in the order in which they are told. A commit that is not known, no evaluators and no
 * latency are facts too; what else a row has not is left out.
 */
export type Fact =
  | { name: 'by' | 'place' | 'url' | 'preset' | 'protocol' | 'dataset' | 'fingerprint' | 'run'; text: string }
  | { name: 'date'; date: Date }
  | { name: 'commit'; text: string | null; dirty: boolean }
  | { name: 'evaluators'; all: { name: string; version: string; hash: string }[] }
  | { name: 'settings'; settings: Record<string, unknown> }
  | { name: 'latency'; ms: number | null };

export function factsOf({ kind, provenance, latencyMs, runId }: LeaderboardRow): Fact[] {
  const {
    by,
    place,
    url,
    commit,
    dirty,
    evaluators,
    preset,
    settings,
    protocol,
    dataset,
    fingerprint,
    date,
  } = provenance;
  const texts = (
    given: Record<'place' | 'url' | 'preset' | 'dataset' | 'fingerprint', string | null>,
    ...names: (keyof typeof given)[]
  ) => names.flatMap((name): Fact[] => (given[name] === null ? [] : [{ name, text: given[name] }]));
  const given = { place, url, preset, dataset, fingerprint };
  if (kind === 'published')
    return [
      { name: 'by', text: by },
      ...texts(given, 'place', 'url'),
      { name: 'protocol', text: protocol },
      { name: 'date', date: new Date(date) },
    ];
  return [
    { name: 'by', text: by },
    { name: 'date', date: new Date(date) },
    { name: 'commit', text: commit, dirty: commit !== null && dirty === true },
    { name: 'evaluators', all: evaluators },
    ...texts(given, 'preset'),
    { name: 'settings', settings },
    { name: 'latency', ms: latencyMs },
    { name: 'protocol', text: protocol },
    ...texts(given, 'dataset', 'fingerprint'),
    ...(runId === null ? [] : [{ name: 'run' as const, text: runId }]),
  ];
}
