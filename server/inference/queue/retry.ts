import { setTimeout as wait } from 'node:timers/promises';
import { isConnectionError } from '../../platform/errors/errors';

/**
 * Does something with the database, and again while it cannot be reached: a job that is under way outlives a
 * restart of the database.
 * @throws whatever is not a lost connection; the last error when `signal` aborts.
 */
export async function untilReached<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let delay = 100; ; delay = Math.min(delay * 2, 2000)) {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionError(error) || signal?.aborted) throw error;
      await wait(delay, undefined, { signal }).catch(() => undefined);
    }
  }
}
