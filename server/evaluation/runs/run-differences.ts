import type { RunRow } from './schema';

/** What tells runs apart that are shown together. Browser-safe: types only. */

export type Tellable = Pick<RunRow, 'id' | 'name' | 'traits' | 'createdAt'> & {
  model: Pick<RunRow['model'], 'name' | 'version'>;
  benchmark: Pick<RunRow['benchmark'], 'title'>;
};

/** One attribute of a run; the name is a trait's (`settings.steps`), or `model`, `benchmark`, `date`, `id`. */
export interface Part {
  name: string;
  /** As stored; of `date` the moment in ISO 8601. Empty where the run has no such attribute. */
  value: string;
}

export interface Told {
  /** What people call it; else its model. */
  title: string;
  /** The same attributes for each of the runs, the fewest that tell them apart; a model that is the title is not repeated. */
  parts: Part[];
}

export const modelOf = ({ model }: Pick<Tellable, 'model'>): string =>
  `${model.name} ${model.version}`.trim();

/** What a person would look for first; others follow by name. */
const order = [
  ...['model', 'benchmark', 'settings.language', 'preset', 'settings.preset', 'settings.decoder'],
  ...[
    'settings.steps',
    'settings.guidance',
    'settings.seed',
    'settings.width',
    'settings.height',
    'settings.prompt',
  ],
  ...['settings.images', 'settings.maxNewTokens', 'items', 'repeats'],
  ...['evaluators.detector', 'evaluators.clip', 'evaluators.dino', 'protocol', 'dataset'],
];
const placeOf = (name: string): number => (order.indexOf(name) + 1 || order.length + 1) - 1;

/** Beyond so many that differ, not every choice of them is tried. */
const mostTried = 14;

/**
 * What to call each of some runs. What was measured how comes first: the smallest set of attributes that tells as many
 * apart as all of them would, of two such sets the one that people would look for. Only what is still the same is told
 * apart by its start, to the minute, and at last by the beginning of its id.
 */
export function tellApart(runs: readonly Tellable[]): Told[] {
  const titles = runs.map((run) => run.name ?? modelOf(run));
  const values = runs.map(attributesOf);
  // A name says nothing of how it differs from a run that has none.
  const mixed = new Set(runs.map(({ name }) => name === null)).size > 1;
  const known = mixed ? titles.map(() => '') : titles;
  const chosen = least(known, values);
  const keys = runs.map((_, i) => keyOf(known[i]!, values[i]!, chosen));
  const minutes = runs.map(({ createdAt }) => new Date(createdAt).toISOString().slice(0, 16));
  const dated = isEach(keys) ? null : keys.map((key, i) => `${key}\0${minutes[i]}`);
  return runs.map(({ id, createdAt }, i) => ({
    title: titles[i]!,
    parts: [
      ...chosen
        .map((name) => ({ name, value: values[i]![name] ?? '' }))
        .filter(({ name, value }) => name !== 'model' || value !== titles[i]),
      ...(dated && new Set(minutes).size > 1
        ? [{ name: 'date', value: new Date(createdAt).toISOString() }]
        : []),
      ...(dated && !isEach(dated) ? [{ name: 'id', value: id.slice(0, 8) }] : []),
    ],
  }));
}

/** A told run in one line, in English: for the command line and for files. */
export const tellLine = ({ title, parts }: Told): string =>
  [title, ...parts.map(wordsOf)].filter(Boolean).join(' · ');

function wordsOf({ name, value }: Part): string {
  if (name === 'date') return value.slice(0, 16).replace('T', ' ');
  if (name === 'id' || name === 'model' || name === 'benchmark') return value;
  return `${name.replace(/^(settings|evaluators)\./, '')} ${value || '–'}`;
}

function attributesOf(run: Tellable): Record<string, string> {
  return { ...run.traits, model: modelOf(run), benchmark: run.benchmark.title };
}

const isEach = (keys: readonly string[]) => new Set(keys).size === keys.length;

const keyOf = (title: string, values: Record<string, string>, names: readonly string[]): string =>
  [title, ...names.map((name) => values[name] ?? '')].join('\0');

/** The names of the attributes that do it, in their order. */
function least(titles: readonly string[], values: readonly Record<string, string>[]): string[] {
  const classes = (names: readonly string[]) =>
    new Set(values.map((own, i) => keyOf(titles[i]!, own, names))).size;
  const names = [...new Set(values.flatMap((own) => Object.keys(own)))]
    .filter((name) => new Set(values.map((own) => own[name] ?? '')).size > 1)
    .sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
  const differing = withoutTwins(names, values);
  const all = classes(differing);
  if (all === classes([])) return [];
  if (differing.length <= mostTried)
    for (let size = 1; size < differing.length; size++)
      for (const some of choices(differing, size)) if (classes(some) === all) return some;
  return greedy(differing, classes);
}

/** Of attributes that part the runs alike the first is enough. */
function withoutTwins(names: readonly string[], values: readonly Record<string, string>[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => {
    const first = new Map<string, number>();
    const pattern = values
      .map((own, i) => {
        const value = own[name] ?? '';
        if (!first.has(value)) first.set(value, i);
        return first.get(value);
      })
      .join();
    return !seen.has(pattern) && Boolean(seen.add(pattern));
  });
}

/** Every choice of so many, the first ones first. */
function* choices(names: readonly string[], size: number): Generator<string[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [i, name] of names.entries())
    for (const rest of choices(names.slice(i + 1), size - 1)) yield [name, ...rest];
}

/** Leaves out, from the end, what is not needed. */
function greedy(names: readonly string[], classes: (names: readonly string[]) => number): string[] {
  const all = classes(names);
  return [...names]
    .reverse()
    .reduce<readonly string[]>((kept, name) => {
      const fewer = kept.filter((one) => one !== name);
      return classes(fewer) === all ? fewer : kept;
    }, names)
    .slice();
}
