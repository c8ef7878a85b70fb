import { setTimeout as wait } from 'node:timers/promises';
import pRetry from 'p-retry';
import { UnderTestError } from '../types';
import { AttemptFailure } from './failures';
import type { ReadySettings } from './settings';

/** Time, as tests replace it. */
export interface Clock {
  /** Milliseconds from any beginning, for durations. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  /** Waits as an endpoint asks with Retry-After. @throws when `signal` aborts */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  wait: (ms, signal) => wait(ms, undefined, { signal }),
};

/**
 * Does something up to `maxAttempts` times, with exponential delays and jitter between, and Retry-After before them:
 * the jitter keeps those who were sent away together from coming back together.
 * @throws UnderTestError with the last reason and the number of attempts; whatever else `once` throws, at once
 */
export async function withRetries<T>(
  once: (attempt: number) => Promise<T>,
  { maxAttempts, retry }: Pick<ReadySettings, 'maxAttempts' | 'retry'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  let attempts = 0;
  let reached = false;
  const counted = async (attempt: number) => {
    attempts = attempt;
    try {
      return await once(attempt);
    } catch (error) {
      if (error instanceof AttemptFailure) reached ||= error.reached;
      throw error;
    }
  };
  const again = (error: Error): error is AttemptFailure => error instanceof AttemptFailure && error.retry;
  try {
    return await pRetry(counted, {
      retries: maxAttempts - 1,
      minTimeout: retry.minDelayMs,
      maxTimeout: retry.maxDelayMs,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => again(error),
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (again(error) && retriesLeft > 0 && error.retryAfterMs)
          await clock.wait(Math.min(error.retryAfterMs, retry.maxRetryAfterMs), signal);
      },
    });
  } catch (error) {
    if (!(error instanceof AttemptFailure)) throw error;
    // An endpoint that was there a moment ago may be there for the next item.
    const failure = error.retry && !error.reached && reached ? 'item' : error.failure;
    const { message } = error;
    throw new UnderTestError(
      failure,
      attempts > 1 ? `${message.replace(/\.$/, '')} (after ${attempts} attempts).` : message,
    );
  }
}
