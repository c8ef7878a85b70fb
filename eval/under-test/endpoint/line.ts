import PQueue from 'p-queue';

/**
 * The line in which attempts wait: so many at a time, so many a minute. They are spaced evenly, because servers count
 * over windows of their own. A retry goes first (`priority: 1`): what it waited for is half done.
 */
export function openLine(limits: { concurrency: number; requestsPerMinute?: number }): PQueue {
  const { concurrency, requestsPerMinute } = limits;
  return new PQueue(
    requestsPerMinute === undefined
      ? { concurrency }
      : { concurrency, intervalCap: 1, interval: 60_000 / requestsPerMinute, strict: true },
  );
}
