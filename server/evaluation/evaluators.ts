import path from 'node:path';
import type { BenchmarkDefinition } from '../../eval/benchmarks/definition';
import type { EvaluatorIdentity } from '../../eval/evaluators';
import { openEvaluators, shippedEvaluators, type EvaluatorDirectories } from '../../eval/evaluators/open';
import { StudioError } from '../platform/errors/errors';
import type { RunEvaluators } from './run-evaluators';

/** Where an evaluator lies on this machine. */
export const evaluatorPath = (directory: string): string =>
  path.isAbsolute(directory) ? directory : path.join(shippedEvaluators, directory);

/**
 * The evaluators that a run of a benchmark uses: those named, for the others the defaults.
 * @param given folders of models/evaluators by name, or paths
 * @throws StudioError MODEL_INVALID naming the directory and what to do
 */
export async function identifyEvaluators(
  benchmark: Pick<BenchmarkDefinition, 'evaluators' | 'title'>,
  defaults: EvaluatorDirectories,
  given: EvaluatorDirectories,
): Promise<RunEvaluators> {
  const directories: EvaluatorDirectories = {};
  for (const kind of benchmark.evaluators) {
    const directory = given[kind] ?? defaults[kind];
    if (directory === undefined)
      throw new StudioError('MODEL_INVALID', `${benchmark.title} needs a ${kind}. Specify its directory.`);
    directories[kind] = kept(directory);
  }
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

/** By name where it is one of the project's, so that workers on other machines find it. */
function kept(directory: string): string {
  const absolute =
    path.isAbsolute(directory) || directory.includes(path.sep) ? path.resolve(directory) : null;
  if (absolute === null) return directory;
  return path.dirname(absolute) === shippedEvaluators ? path.basename(absolute) : absolute;
}
