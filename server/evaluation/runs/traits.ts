import { z } from 'zod';
import { findBenchmark } from '../../../eval/benchmarks';
import { presetNamed } from '../../../eval/benchmarks/presets';

/** What a run measured and how, as names and words: what sets boards apart, and runs from each other. */

const evaluatorSchema = z.object({
  kind: z.string(),
  name: z.string(),
  version: z.string(),
  hash: z.string(),
});
export type Evaluator = z.infer<typeof evaluatorSchema>;

export interface Measured {
  fingerprintOf: Record<string, unknown>;
  /** Items measured, and how many the data set has. */
  items: number;
  allItems: number;
}

/** Of a fingerprint; of one of an older kind what can be read. */
export const evaluatorsOf = ({ fingerprintOf }: Pick<Measured, 'fingerprintOf'>): Evaluator[] =>
  z.array(evaluatorSchema).catch([]).parse(fingerprintOf.evaluators);

const presetSchema = z.object({
  benchmark: z.string(),
  preset: z.string().optional(),
  settings: z.object({ preset: z.string().optional() }).default({}),
});

/**
 * The preset that a run was measured with: the one it names, or the benchmark's usual one where its evaluators are that one's.
 * Null for other evaluators, and where there is no choice.
 */
export function presetOf(run: Pick<Measured, 'fingerprintOf'>): string | null {
  const { data } = presetSchema.safeParse(run.fingerprintOf);
  if (!data) return null;
  const named = data.settings.preset ?? data.preset;
  if (named !== undefined) return named;
  const usual = presetNamed(findBenchmark(data.benchmark)?.usualPreset ?? '');
  const evaluators = evaluatorsOf(run);
  const isUsual =
    evaluators.length > 0 &&
    evaluators.every(({ kind, name }) =>
      Object.entries(usual?.evaluators ?? {}).some(([k, n]) => k === kind && n === name),
    );
  return usual && isUsual ? usual.name : null;
}

/** Parts with the preset as one of them, whether or not the run named it; edits tell apart which it was, and always did. */
function withPreset(parts: Record<string, string>, run: Measured): Record<string, string> {
  if ('preset' in run.fingerprintOf) return parts;
  const { 'settings.preset': _, ...others } = parts;
  const preset = presetOf(run);
  return preset === null ? others : { ...others, preset };
}

/** A fingerprint as names and words: objects one level down, hashes short. */
export function partsOf(run: Measured): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const [name, value] of Object.entries(run.fingerprintOf)) {
    if (name === 'evaluators')
      for (const { kind, name: which, version, hash } of evaluatorsOf(run))
        parts[`evaluators.${kind}`] = `${which} ${version} (${hash.slice(0, 8)})`;
    else if (name === 'items') parts.items = value === 'all' ? 'all' : `${run.items} of ${run.allItems}`;
    else if (name === 'dataset') parts.dataset = String(value).slice(0, 8);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, one] of Object.entries(value)) parts[`${name}.${inner}`] = wordOf(one);
    else parts[name] = wordOf(value);
  }
  // Two choices of as many items are not the same.
  if ((run.fingerprintOf.items ?? 'all') !== 'all')
    parts.items += ` (${String(run.fingerprintOf.items).slice(0, 8)})`;
  return withPreset(parts, run);
}

/** Parts that a run's row tells otherwise: the benchmark is named, and the fingerprint has an id. */
const told: readonly string[] = ['id', 'benchmark'];

/** The names of the parts in which some differ. */
export const differingNames = (all: readonly Record<string, string>[]): string[] =>
  [...new Set(all.flatMap((parts) => Object.keys(parts)))]
    .filter((name) => !told.includes(name))
    .filter((name) => new Set(all.map((parts) => parts[name] ?? '')).size > 1);

/**
 * The same of a run, with its settings as they were in the end, the model's own among them.
 * @param settings how the model was asked
 */
export function traitsOf(run: Measured & { settings: Record<string, unknown> }): Record<string, string> {
  const parts = partsOf(run);
  for (const [name, value] of Object.entries(run.settings)) parts[`settings.${name}`] = wordOf(value);
  return Object.fromEntries(Object.entries(withPreset(parts, run)).filter(([name]) => !told.includes(name)));
}

const wordOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
