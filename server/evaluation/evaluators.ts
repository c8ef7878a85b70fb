import path from 'node:path';
import type { Benchmark } from '../../eval/benchmarks/definition';
import type { EvaluatorIdentity } from '../../eval/evaluators';
import { presetRefusal } from '../../eval/benchmarks/preset-state';
import { presetNamed } from '../../eval/benchmarks/presets';
import {
  directoryOf,
  openEvaluators,
  shippedEvaluators,
  type EvaluatorDirectories,
} from '../../eval/evaluators/open';
import { addedEvaluators } from '../../eval/evaluators/folder';
import { StudioError } from '../platform/errors/errors';
import type { RunEvaluators } from './run-evaluators';

/** Where an evaluator lies on this machine. */
export const evaluatorPath = (directory: string): string =>
  path.isAbsolute(directory) ? directory : directoryOf(directory);

/**
 * Where the evaluators lie that a run of a benchmark uses: those given, for the others the preset's.
 * @param preset its name; the benchmark's usual one by default
 * @param given names of installed evaluators, or paths
 * @throws StudioError MODEL_INVALID naming what is missing and what to do
 */
export function chosenEvaluators(
  benchmark: Pick<Benchmark, 'evaluators' | 'title' | 'usualPreset'>,
  preset: string | undefined = benchmark.usualPreset,
  given: EvaluatorDirectories = {},
): EvaluatorDirectories {
  const left = benchmark.evaluators.filter((kind) => given[kind] === undefined);
  const chosen = preset === undefined ? undefined : presetNamed(preset);
  if (left.length > 0 && !chosen)
    throw new StudioError('MODEL_INVALID', `${benchmark.title} needs a ${left[0]}. Specify its directory.`);
  const refusal = chosen && presetRefusal(chosen, left);
  if (refusal) throw new StudioError('MODEL_INVALID', `${refusal}.`);
  return Object.fromEntries(
    benchmark.evaluators.map((kind) => [kind, kept(given[kind] ?? chosen!.evaluators[kind]!)]),
  );
}

/**
 * The evaluators of a run, opened once to say what they are.
 * @param directories as `chosenEvaluators` tells them
 * @throws StudioError MODEL_INVALID naming the directory and what to do
 */
export async function identifyEvaluators(
  benchmark: Pick<Benchmark, 'evaluators'>,
  directories: EvaluatorDirectories,
): Promise<RunEvaluators> {
  const open = await openEvaluators(
    Object.fromEntries(Object.entries(directories).map(([kind, dir]) => [kind, evaluatorPath(dir)])),
  ).catch((error: unknown) => {
    throw new StudioError('MODEL_INVALID', (error as Error).message, { cause: error });
  });
  try {
    return Object.fromEntries(
      benchmark.evaluators.map((kind) => {
        const { name, version, hash } = open[kind] as EvaluatorIdentity;
        const { thresholds } = { thresholds: undefined, ...(kind === 'detector' ? open.detector : {}) };
        return [kind, { kind, name, version, hash, directory: directories[kind], thresholds }];
      }),
    );
  } finally {
    await open.close();
  }
}

/** By name where it is found by it, so that workers on other machines find it. */
function kept(directory: string): string {
  const absolute =
    path.isAbsolute(directory) || directory.includes(path.sep) ? path.resolve(directory) : null;
  if (absolute === null) return directory;
  const name = path.basename(absolute);
  const isNamed = [shippedEvaluators, addedEvaluators()].includes(path.dirname(absolute));
  return isNamed && directoryOf(name) === absolute ? name : absolute;
}
