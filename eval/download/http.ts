/** Requests that are tried again where that can help, and errors that say what to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { z } from 'zod';
import { CancelledError } from '../../models/runtime';
import { DownloadError } from './errors';

export interface Network {
  signal?: AbortSignal;
  /** How often a request is tried again without progress, and milliseconds before the first time; then doubled. */
  retries?: number;
  pauseMs?: number;
  /** Milliseconds without a byte after which a request is given up and tried again. */
  idleMs?: number;
  /** What errors tell the person to do. */
  advice?: Advice;
  /** For the address that is asked, and no other that it leads to; it is sent over https, or on this machine. */
  token?: string;
}

export interface Advice {
  /** Nobody is there, or the connection broke. Without a full stop. */
  unreachable?: string;
  /** The server has no such file. */
  refused?: string;
  /** It wants to know who asks. Default: as `refused`. */
  denied?: string;
}

/** A failure that may pass: it is tried again. */
export class PassingError extends DownloadError {
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
const redirecting = [301, 302, 303, 307, 308];
const mostRedirects = 10;
const thisMachine = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const unreachable = ({ advice }: Network) => advice?.unreachable ?? 'Check the network';

/**
 * Calls `attempt` until it succeeds; again after a PassingError, with growing pauses.
 * @param progressed whether the last attempt got further than all before it: such a one counts as none
 * @throws CancelledError when the signal aborts; DownloadError
 */
export async function withRetries<Value>(
  attempt: (signal: AbortSignal, alive: () => void) => Promise<Value>,
  network: Network,
  progressed: () => boolean = () => false,
): Promise<Value> {
  const { signal, retries = 5, pauseMs = 1000, idleMs = 60_000 } = network;
  try {
    return await pRetry(() => watched(attempt, idleMs, network), {
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
  network: Network,
): Promise<Value> {
  const { signal } = network;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), idleMs);
  try {
    return await attempt(signal ? AbortSignal.any([signal, idle.signal]) : idle.signal, () =>
      timer.refresh(),
    );
  } catch (error) {
    if (idle.signal.aborted)
      throw new PassingError(`No data arrived for ${idleMs / 1000} s. ${unreachable(network)}.`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A response with a body, from where the address leads.
 * @throws PassingError; RangeError for 416; DownloadError
 */
export async function request(
  url: string,
  signal: AbortSignal,
  network: Network,
  headers: Record<string, string> = {},
): Promise<Response> {
  let at = new URL(url);
  let { token } = network;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const safe = at.protocol === 'https:' || thisMachine.test(at.hostname);
    const response = await fetch(at, {
      signal,
      redirect: 'manual',
      headers: {
        // A compressed answer has other byte positions than the file.
        'accept-encoding': 'identity',
        'user-agent': 'nexus-gen-studio',
        ...(token !== undefined && safe && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    }).catch((error: unknown) => {
      throw connectionError(error, at.href, network);
    });
    const location = redirecting.includes(response.status) ? response.headers.get('location') : null;
    if (location === null) return accepted(response, at.href, network);
    await response.body?.cancel();
    const next = URL.canParse(location, at) ? new URL(location, at) : null;
    if (next?.protocol !== 'https:' && (next?.protocol !== 'http:' || at.protocol === 'https:'))
      throw new DownloadError(
        `${at.origin} redirects to ${next?.origin ?? 'nowhere'}, which is not https. It was not followed.`,
      );
    if (next.origin !== at.origin) token = undefined;
    at = next;
  }
  throw new DownloadError(`${withoutQuery(url)} redirects more than ${mostRedirects} times.`);
}

export interface Answer<Body> {
  body: Body;
  headers: Headers;
}

/**
 * What an address answers, as JSON of a schema.
 * @param how.otherwise what is said where it is something else
 * @throws as request
 */
export async function requestJson<Body>(
  url: string,
  schema: z.ZodType<Body>,
  network: Network,
  how: { otherwise: string; headers?: Record<string, string> },
): Promise<Answer<Body>> {
  const { text, headers } = await withRetries(async (signal) => {
    const response = await request(url, signal, network, how.headers);
    const text = await response.text().catch((error: unknown) => {
      throw signal.aborted ? error : connectionError(error, url, network);
    });
    return { text, headers: response.headers };
  }, network);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DownloadError(how.otherwise);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new DownloadError(how.otherwise);
  return { body: parsed.data, headers };
}

/** The response, unless its status says that it is none. */
async function accepted(response: Response, url: string, { advice }: Network): Promise<Response> {
  const { status, statusText } = response;
  if (response.ok) return response;
  await response.body?.cancel();
  const said = `${withoutQuery(url)} answered ${status} ${statusText}`.trim();
  if (passing.includes(status))
    throw new PassingError(`${said}. Try again later; downloaded files are kept.`, waitOf(response));
  if (status === 416) throw new RangeError(said);
  const denied = status === 401 || status === 403 ? advice?.denied : undefined;
  throw new DownloadError(`${said}. ${denied ?? advice?.refused ?? 'Is the address right?'}`);
}

/** What a broken connection is called. */
export function connectionError(error: unknown, url: string, network: Network): Error {
  const code = codeOf(error);
  const { origin } = new URL(url);
  if (!broken.test(code))
    return new DownloadError(`Cannot reach ${origin} (${code}). ${unreachable(network)}.`);
  return new PassingError(`The connection to ${origin} broke (${code}). ${unreachable(network)}.`);
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
