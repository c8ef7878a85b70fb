import { differingNames, evaluatorsOf, partsOf } from '../runs/traits';
import { level, type Placings } from './ranks';
import type { BoardRun } from './runs';
import type { Board } from './schema';

/** Boards: what is ranked together, and in which parts of their fingerprints they differ. */

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

/** For each board the parts of its fingerprint that are not the same on all of them. */
export function differingParts(runs: readonly BoardRun[]): Record<string, string>[] {
  const all = runs.map(partsOf);
  const differing = differingNames(all);
  return all.map((parts) => Object.fromEntries(differing.map((name) => [name, parts[name] ?? ''])));
}
