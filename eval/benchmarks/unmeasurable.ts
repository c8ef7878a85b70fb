import { ImageError, ModelError } from '../../models/runtime';
import type { MeasuredOutput } from './definition';

/** The output cannot be measured, which says nothing about the others. */
export class UnmeasurableError extends Error {}

/**
 * What went wrong with one output, as an UnmeasurableError; anything else, such as an evaluator that cannot be used at
 * all, would fail for every output alike and is returned as it is.
 */
export function asUnmeasurable(error: unknown): unknown {
  const graph = error instanceof ModelError && error.code === 'graph_failed';
  const own = error instanceof ImageError || graph || error instanceof RangeError;
  return own ? new UnmeasurableError(error.message) : error;
}

/** The image file that is to be measured. @throws UnmeasurableError for text */
export function imageOf(output: MeasuredOutput): Uint8Array {
  if (typeof output === 'string') throw new UnmeasurableError('The output is text, not an image.');
  return output;
}
