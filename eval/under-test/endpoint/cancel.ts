import { CancelledError } from '../../../models/runtime/errors';

/**
 * Does something that any of the signals stops at once, even where it is deaf to them for a moment.
 * @throws CancelledError when one aborts
 */
export async function cancellable<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const abort = () => stop.abort(new CancelledError());
  for (const signal of signals) signal?.addEventListener('abort', abort);
  try {
    if (signals.some((signal) => signal?.aborted)) throw new CancelledError();
    const stopped = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(new CancelledError()));
    });
    return await Promise.race([work(stop.signal), stopped]);
  } catch (error) {
    throw stop.signal.aborted ? new CancelledError() : error;
  } finally {
    for (const signal of signals) signal?.removeEventListener('abort', abort);
  }
}
