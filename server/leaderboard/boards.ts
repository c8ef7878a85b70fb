import { z } from 'zod';
import { level, type Placings } from './ranks';
import type { BoardRun } from './runs';
import type { Board, Provenance } from './schema';

/** Boards: what is ranked together, and in which parts of their fingerprints they differ. */

const evaluatorSchema = z.object({
  kind: z.string(),
  name: z.string(),
  version: z.string(),
  hash: z.string(),
});

/** Of a fingerprint; of one of an older kind what can be read. */
export function evaluatorsOf({ fingerprintOf }: Pick<BoardRun, 'fingerprintOf'>): Provenance['evaluators'] {
  return z.array(evaluatorSchema).catch([]).parse(fingerprintOf.evaluators);
}

/** Short enough for an address, long enough to be the only one. */
export const boardIdOf = (fingerprint: string): string => `run-${fingerprint.slice(0, 12)}`;

/** A board of measured rows. @param runs of one fingerprint, at least one */
export function measuredBoard(
  runs: readonly BoardRun[],
  tests: { test: 'mcnemar' | 'paired bootstrap'; placings: Placings; complete: number; items: number | null },
): Omit<Board, 'distinct'> {
  const run = runs[0]!;
  const evaluators = evaluatorsOf(run).map(({ name, version }) => `${name} ${version}`);
  const whole = run.fingerprintOf.items === 'all';
  const items = `${whole ? 'all' : `${run.items} of`} ${run.allItems} items${run.repeats > 1 ? ` × ${run.repeats}` : ''}`;
  const { placings, complete } = tests;
  return {
    id: boardIdOf(run.fingerprint),
    kind: 'measured',
    title: ['measured', run.protocol, ...evaluators, items].join(' · '),
    protocol: run.protocol,
    measured: { evaluators, items: run.items, repeats: run.repeats, whole },
    published: null,
    test:
      placings.pairs === 0
        ? null
        : {
            name: tests.test,
            correction: 'Holm',
            level,
            pairs: placings.pairs,
            pending: placings.pending,
            rows: placings.tested.length,
            untested: complete - placings.tested.length,
            items: tests.items,
          },
  };
}

/** Parts that say nothing of their own: the benchmark is the table, and items are told by their number. */
const told: readonly string[] = ['id', 'benchmark'];

/** For each board the parts of its fingerprint that are not the same on all of them. */
export function differingParts(runs: readonly BoardRun[]): Record<string, string>[] {
  const all = runs.map(partsOf);
  const names = [...new Set(all.flatMap((parts) => Object.keys(parts)))].filter(
    (name) => !told.includes(name),
  );
  const differing = names.filter((name) => new Set(all.map((parts) => parts[name] ?? '')).size > 1);
  return all.map((parts) => Object.fromEntries(differing.map((name) => [name, parts[name] ?? ''])));
}

/** A fingerprint as names and words: objects one level down, hashes short. */
function partsOf(run: BoardRun): Record<string, string> {
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
  if (run.fingerprintOf.items !== 'all') parts.items += ` (${String(run.fingerprintOf.items).slice(0, 8)})`;
  return parts;
}

const wordOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
