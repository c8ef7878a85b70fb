/** Requests that are tried again where that can help, and errors that say what to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { CancelledError } from '../../models/runtime';
import { DatasetError } from './dataset';

export interface Network {
  signal?: AbortSignal;
  /** How often a request is tried again without progress, and milliseconds before the first time; then doubled. */
  retries?: number;
  pauseMs?: number;
  /** Milliseconds without a byte after which a request is given up and tried again. */
  idleMs?: number;
}

/** A failure that may pass: it is tried again. */
export class PassingError extends DatasetError {
  constructor(
    message: string,
    /** What the server asked to wait. */
    readonly waitMs = 0,
  ) {
    super(message);
  }
}

/** Statuses that a later try may not have. */
const passing = [408, 425, 429, 500, 502, 503, 504];
/** A connection that broke. Any other failure (no such host, refused, a certificate) is there the next time, too. */
const broken = /^(?:ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|UND_ERR_.*)$/;
const longestWait = 60_000;
export const hint = 'Check the network, or set a mirror with --mirror or STUDIO_DATA_MIRROR';

/**
 * Calls `attempt` until it succeeds; again after a PassingError, with growing pauses.
 * @param progressed whether the last attempt got further than all before it: such a one counts as none
 * @throws CancelledError when the signal aborts; DatasetError
 */
export async function withRetries<Value>(
  attempt: (signal: AbortSignal, alive: () => void) => Promise<Value>,
  network: Network,
  progressed: () => boolean = () => false,
): Promise<Value> {
  const { signal, retries = 5, pauseMs = 1000, idleMs = 60_000 } = network;
  try {
    return await pRetry(() => watched(attempt, idleMs, signal), {
      retries,
      minTimeout: pauseMs,
      maxTimeout: longestWait / 2,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => error instanceof PassingError,
      shouldConsumeRetry: ({ error }) => !(error instanceof PassingError && progressed()),
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (error instanceof PassingError && error.waitMs > 0 && retriesLeft > 0)
          await sleep(Math.min(error.waitMs, longestWait), undefined, { signal });
      },
    });
  } catch (error) {
    if (signal?.aborted) throw new CancelledError();
    throw error;
  }
}

/** One attempt, ended when nothing arrives for a while. */
async function watched<Value>(
  attempt: (signal: AbortSignal, alive: () => void) => Promise<Value>,
  idleMs: number,
  signal: AbortSignal | undefined,
): Promise<Value> {
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), idleMs);
  try {
    return await attempt(signal ? AbortSignal.any([signal, idle.signal]) : idle.signal, () =>
      timer.refresh(),
    );
  } catch (error) {
    if (idle.signal.aborted) throw new PassingError(`No data arrived for ${idleMs / 1000} s. ${hint}.`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A response with a body. @throws PassingError, DatasetError */
export async function request(
  url: string,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(url, {
    signal,
    // A compressed answer has other byte positions than the file.
    headers: { 'accept-encoding': 'identity', 'user-agent': 'nexus-gen-studio', ...headers },
  }).catch((error: unknown) => {
    throw connectionError(error, url);
  });
  if (response.ok) return response;
  await response.body?.cancel();
  const said = `${withoutQuery(url)} answered ${response.status} ${response.statusText}`.trim();
  if (passing.includes(response.status))
    throw new PassingError(`${said}. Try again later; downloaded files are kept.`, waitOf(response));
  if (response.status === 416) throw new RangeError(said);
  throw new DatasetError(`${said}. Is the mirror complete, and does the dataset need an account?`);
}

/** What a broken connection is called. */
export function connectionError(error: unknown, url: string): Error {
  const code = codeOf(error);
  if (!broken.test(code)) return new DatasetError(`Cannot reach ${new URL(url).origin} (${code}). ${hint}.`);
  return new PassingError(`The connection to ${new URL(url).origin} broke (${code}). ${hint}.`);
}

function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, errors } = cause as NodeJS.ErrnoException & { errors?: unknown[] };
    if (typeof code === 'string') return code;
    // A name with several addresses fails with one error for each.
    if (errors?.[0] !== undefined) return codeOf(errors[0]);
    if (cause.cause === undefined) return cause.message;
  }
  return String(error);
}

/** `Retry-After` in milliseconds: seconds or a date. */
function waitOf(response: Response): number {
  const text = response.headers.get('retry-after');
  if (text === null) return 0;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}

/** Queries may hold signatures, and make a line long. */
const withoutQuery = (url: string): string => url.replace(/\?.*/, '');
