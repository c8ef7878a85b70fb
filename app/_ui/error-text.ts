import { useLocale, useTranslations } from 'next-intl';
import { useCallback } from 'react';

/** What went wrong, as the server or this page tells it: `reason` chooses the words, `params` stand in them. */
export interface Problem {
  /** A key of the namespace `errors`: a reason or code of server/platform/errors, of models/runtime/errors, or the page's own. */
  reason?: string;
  params?: Record<string, string | number>;
  /** The server's words, in English. */
  message?: string;
  /** When the same request will be possible again. */
  retryAfterSeconds?: number;
}

const record = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

function paramsOf(value: unknown): Problem['params'] {
  const entries = Object.entries(record(value) ?? {}).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/**
 * Reads whatever tells of a failure: an error of a tRPC call, the JSON of a refused upload (`{code, message,
 * params?}`), a failed job (`{errorCode, error}`) or a `Problem` itself. A call without an answer is
 * `UNREACHABLE`.
 */
export function problemOf(error: unknown): Problem {
  const given = record(error);
  if (!given) return { reason: 'UNKNOWN' };
  if ('errorCode' in given) return { reason: text(given.errorCode) ?? 'UNKNOWN', message: text(given.error) };
  const message = text(given.message);
  if (given instanceof Error) {
    const data = record(given.data);
    if (!data) return { reason: 'UNREACHABLE' };
    const wait = typeof data.retryAfterSeconds === 'number' ? data.retryAfterSeconds : undefined;
    const reason = text(data.reason) ?? text(data.code);
    const said = text(data.message) ?? message;
    return { reason, params: paramsOf(data.params), message: said, retryAfterSeconds: wait };
  }
  const wait = typeof given.retryAfterSeconds === 'number' ? given.retryAfterSeconds : undefined;
  const reason = text(given.reason) ?? text(given.code);
  return { reason, params: paramsOf(given.params), message, retryAfterSeconds: wait };
}

/** The translator of the namespace `errors`, for keys that come from the server. */
export interface ErrorWords {
  (key: string, values?: Record<string, string | number>): string;
  has: (key: string) => boolean;
  raw: (key: string) => unknown;
}

/** The words for a problem: its own message where its values are known, else the server's. */
export function sayProblem(problem: Problem, t: ErrorWords, locale: string): string {
  const { reason, params = {}, message, retryAfterSeconds } = problem;
  const said = words();
  if (retryAfterSeconds === undefined || retryAfterSeconds <= 0) return said;
  const [unit, size] =
    retryAfterSeconds < 100 ? ['seconds', 1] : retryAfterSeconds < 5400 ? ['minutes', 60] : ['hours', 3600];
  const when = t(`retry.${unit}`, { count: Math.ceil(retryAfterSeconds / Number(size)) });
  return t('retry.after', { said, when });

  function words(): string {
    const raw = reason && /^\w+$/.test(reason) && t.has(reason) ? t.raw(reason) : undefined;
    if (!reason || typeof raw !== 'string') return message ?? t('UNKNOWN');
    const holes = [...raw.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? '');
    if (holes.some((hole) => params[hole] === undefined)) return message ?? t('UNKNOWN');
    // The server's English often says more than words that hold for every case of a reason.
    if (holes.length === 0 && locale === 'en' && message) return message;
    return t(reason, params);
  }
}

/** Says any failure in the page's language; see `problemOf` for what it takes. */
export function useErrorText(): (error: unknown) => string {
  const t = useTranslations('errors');
  const locale = useLocale();
  return useCallback(
    (error: unknown) => sayProblem(problemOf(error), t as unknown as ErrorWords, locale),
    [t, locale],
  );
}
