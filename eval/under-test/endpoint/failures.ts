/** What an attempt can die of, and whether another one may help. */
import { errors } from 'undici';
import type { UnderTestFailure } from '../types';
import { foreign, type Quote } from './redact';

/** One attempt that failed. */
export class AttemptFailure extends Error {
  /** Whether the same request may be answered later. */
  readonly retry: boolean;
  /** Whether the endpoint may have got the request, and charged for it. */
  readonly reached: boolean;
  /** How long the endpoint asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly failure: Exclude<UnderTestFailure, 'limit'>,
    message: string,
    {
      retry = false,
      reached = true,
      retryAfterMs,
    }: Partial<Pick<AttemptFailure, 'retry' | 'reached' | 'retryAfterMs'>> = {},
  ) {
    super(message);
    this.name = 'AttemptFailure';
    this.retry = retry;
    this.reached = reached;
    this.retryAfterMs = retryAfterMs;
  }
}

export function timeOut(timeoutMs: number): AttemptFailure {
  return new AttemptFailure('item', `No complete answer arrived within ${timeoutMs / 1000} s.`, {
    retry: true,
  });
}

const notReached: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'unknown host name',
  EAI_AGAIN: 'host name lookup failed',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
};
/** The codes of what `addresses.ts` refuses to connect to. */
export const addressRefused = 'ADDRESS_REFUSED';
export const linkLocalRefused = 'LINK_LOCAL_REFUSED';
const brokenTls = /CERT|SIGNATURE|^ERR_TLS|^ERR_SSL|^EPROTO$/;

/** A failure below HTTP. */
export function networkFailure(error: unknown, host: string): AttemptFailure {
  const code = codeOf(error);
  const reason = notReached[code];
  if (reason)
    return new AttemptFailure(
      'unavailable',
      `${host} cannot be reached: ${reason} (${code}). Check the address and that the endpoint runs.`,
      { retry: true, reached: false },
    );
  if (code === addressRefused)
    return new AttemptFailure(
      'item',
      `${host} is closer to this machine than the endpoint, or has an unusual address; nothing is fetched from it.`,
      { reached: false },
    );
  if (code === linkLocalRefused)
    return new AttemptFailure(
      'unavailable',
      `${host} has a link-local address, where clouds keep machine secrets; endpoints there are blocked.`,
      { reached: false },
    );
  if (brokenTls.test(code))
    return new AttemptFailure('unavailable', `${host} has no trusted connection (${code}).`, {
      reached: false,
    });
  if (code === 'HTTPParserError')
    return new AttemptFailure('item', `${host} answered with something that is not HTTP.`);
  return new AttemptFailure('item', `The connection to ${host} broke off${code && ` (${code})`}.`, {
    retry: true,
  });
}

/** Of the deepest cause that has one: fetch wraps what happened, twice for several addresses of a name. */
function codeOf(error: unknown): string {
  let code = '';
  for (let depth = 0; error instanceof Error && depth < 5; depth++) {
    if ('code' in error && typeof error.code === 'string') code = error.code;
    // Its code is of its parser, where it has any.
    if (error instanceof errors.HTTPParserError) code = 'HTTPParserError';
    error = error.cause;
  }
  return code;
}

interface BadAnswer {
  status: number;
  headers: { get(name: string): string | null };
  mediaType: string;
  body: Uint8Array;
}

/** Codes of errors that stay however often one asks, whatever status they come with. */
const lasting: Record<string, string> = {
  insufficient_quota: 'Its account has no credit left.',
  billing_hard_limit_reached: 'Its account has no credit left.',
  invalid_api_key: 'Check the API key.',
  model_not_found: 'Check model.',
};

const unavailable: Record<number, string> = {
  401: 'Check the API key and the environment variable that holds it.',
  402: 'Its account has no credit left.',
  403: 'The key is not allowed to do this. Check the key, the model and the permissions of the account.',
  404: 'It has no such route or model. Check baseUrl and model.',
  405: 'It has no such route. Check baseUrl.',
  501: 'It doesn’t support this task.',
};

/** An answer whose status is not 2xx. `now` is the time of day in milliseconds, for a Retry-After that is a date. */
export function statusFailure(answer: BadAnswer, quote: Quote, now: number): AttemptFailure {
  const { status } = answer;
  const { message, code } = errorOf(answer);
  const said = `The endpoint answered ${status}${message ? `: ${foreign(quote(message))}.` : '.'}`;
  const advice = (code && lasting[code]) || unavailable[status];
  if (advice) return new AttemptFailure('unavailable', `${said} ${advice}`);
  if (status < 400) {
    const target = redirectTarget(answer.headers.get('location'));
    return new AttemptFailure(
      'unavailable',
      `The endpoint redirects (${status})${target && ` to ${quote(target)}`}, and the key is not sent elsewhere. Correct baseUrl.`,
    );
  }
  // 409 is what the official client retries too: a lock that was not to be had in time.
  const retry = [408, 409, 425, 429].includes(status) || status >= 500;
  return new AttemptFailure('item', said, { retry, retryAfterMs: retryAfter(answer.headers, now) });
}

function redirectTarget(location: string | null): string {
  if (!location || !URL.canParse(location)) return '';
  // A query may carry a token.
  const { origin, pathname } = new URL(location);
  return origin + pathname;
}

/** What an error's body says; servers differ in where. Not redacted. */
export function errorOf({ mediaType, body }: Pick<BadAnswer, 'mediaType' | 'body'>): {
  message: string;
  code?: string;
} {
  const text = new TextDecoder().decode(body);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    if (mediaType === 'text/html') return { message: 'an HTML page' };
    return { message: /^text\//.test(mediaType) ? text : '' };
  }
  return errorInJson(json) ?? { message: '' };
}

/** The error in an answer, null when there is none. */
export function errorInJson(json: unknown): { message: string; code?: string } | null {
  if (typeof json !== 'object' || json === null) return null;
  const { error, message, detail } = json as Record<string, unknown>;
  const found = error ?? message ?? detail;
  if (found === undefined || found === null) return null;
  if (typeof found !== 'object') return { message: String(found as string | number | boolean) };
  const { message: inner, code } = found as Record<string, unknown>;
  return {
    message: typeof inner === 'string' ? inner : JSON.stringify(found),
    ...(typeof code === 'string' && { code }),
  };
}

/** Milliseconds, from seconds or a date; undefined when it says nothing usable. */
export function retryAfter(headers: BadAnswer['headers'], now: number): number | undefined {
  const exact = headers.get('retry-after-ms')?.trim();
  if (exact && /^\d+(\.\d+)?$/.test(exact)) return Number(exact);
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
