import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { presetRefusal } from '../benchmarks/preset-state';
import { presetNamed, presetsFor } from '../benchmarks/presets';
import { directoryOf, type EvaluatorDirectories, type EvaluatorKind } from '../evaluators/open';
import { InputError } from './report';

/** What `presetOption` adds to the options of a command. */
export interface PresetOptions {
  evaluators?: string;
}

/** `--evaluators`, and its older name. @param names of the presets to choose from */
export const presetOption = (names: readonly string[], description: string): Option =>
  new Option('--preset, --evaluators <preset>', description).choices(names);

export const presetNames = (kinds: readonly EvaluatorKind[]): string[] =>
  presetsFor(kinds).map(({ name }) => name);

/**
 * Where the evaluators of a command are: those that options name, for the others the preset's.
 * @param preset its name, of one that has all these kinds
 * @throws InputError when one is not there, or is not what the preset needs
 */
export function evaluatorDirectories<Kind extends EvaluatorKind>(
  preset: string,
  kinds: readonly Kind[],
  options: EvaluatorDirectories,
): Record<Kind, string> {
  const found = presetNamed(preset)!;
  for (const kind of kinds) {
    const given = options[kind];
    if (given !== undefined && !existsSync(join(resolve(given), 'manifest.json')))
      throw new InputError(`No evaluator at ${resolve(given)}. Specify its directory with --${kind}.`);
  }
  const refusal = presetRefusal(
    found,
    kinds.filter((kind) => options[kind] === undefined),
  );
  if (refusal !== null) throw new InputError(`${refusal}.`);
  return Object.fromEntries(
    kinds.map((kind) => [kind, resolve(options[kind] ?? directoryOf(found.evaluators[kind]!))]),
  ) as Record<Kind, string>;
}

/** Works with an evaluator and closes it, whatever happens. */
export async function using<E extends { close(): Promise<void> }, R>(
  opening: Promise<E>,
  work: (evaluator: E) => Promise<R>,
): Promise<R> {
  const evaluator = await opening;
  try {
    return await work(evaluator);
  } finally {
    await evaluator.close();
  }
}
