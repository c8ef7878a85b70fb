import { CancelledError } from '../../models/runtime';

/**
 * Works on the items in their order, on `limit` of them at once. The first failure ends the others through their signal, and is
 * thrown when all have ended.
 * @throws CancelledError when the signal aborts
 */
export async function inParallel<Item>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const ended = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const left = items[Symbol.iterator]();
  const errors: unknown[] = [];
  const worker = async () => {
    try {
      for (let next = left.next(); !next.done && !ended.aborted; next = left.next())
        await work(next.value, ended);
    } catch (error) {
      errors.push(error);
      failed.abort();
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (signal?.aborted) throw new CancelledError();
  if (errors.length > 0) throw errors[0];
}

/** Runs what it is given one after the other, such as writes to one file. */
export function inTurn(): (work: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return (work) => (last = last.then(work));
}
