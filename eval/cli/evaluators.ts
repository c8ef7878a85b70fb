import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shippedEvaluators } from '../evaluators/open';
import { InputError } from './report';

/**
 * The directory that an option names, or a shipped one.
 * @param shipped its folder in models/evaluators
 * @throws InputError when there is no evaluator
 */
export function evaluatorDirectory<Option extends string>(
  option: Option,
  shipped: string,
  options: { [name in Option]?: string },
): string {
  const given = options[option];
  const dir = given === undefined ? join(shippedEvaluators, shipped) : resolve(given);
  if (!existsSync(join(dir, 'manifest.json')))
    throw new InputError(`No evaluator at ${dir}. Specify its directory with --${option}.`);
  return dir;
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
