import { sitePath } from '../../platform/env/site-path';
import { foreseen, type StudioError } from '../../platform/errors/errors';
import type { Logger } from '../../platform/log/log';

/** Errors of the plain HTTP routes: a code for programs, a message for people. */
export function jsonError(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status, headers: { 'cache-control': 'no-store' } });
}

/** For a picture that is being made: no error, and not there yet. Programs ask again; pages wait (server/evaluation/redraw). */
export const comeAgain = (): Response =>
  Response.json(
    { code: 'PENDING', message: 'This image is being regenerated. Try again in a second.' },
    { status: 202, headers: { 'cache-control': 'no-store', 'retry-after': '1' } },
  );

/**
 * For a picture that is not here: of one that this machine draws otherwise than the record has it, the address.
 * @param replacement hash of that one, null where there is none
 */
export function elsewhere(request: Request, replacement: string | null): Response {
  if (replacement === null) return jsonError(404, 'NOT_FOUND', 'This image doesn’t exist.');
  const location = sitePath(`/api/images/${replacement}${new URL(request.url).search}`);
  return new Response(null, { status: 307, headers: { location, 'cache-control': 'no-store' } });
}

const statuses: Partial<Record<StudioError['code'], number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_REQUEST: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  TOO_MANY: 429,
  STORAGE_FULL: 507,
};

/** A refusal with its reason and values, for the page's own words, and when to come again. */
export function refusalOf(error: StudioError): Response {
  const { code, message, reason, params, retryAfterSeconds } = error;
  const headers = new Headers({ 'cache-control': 'no-store' });
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
  return Response.json(
    { code: reason ?? code, message, params, retryAfterSeconds },
    { status: statuses[code] ?? 503, headers },
  );
}

/**
 * The answer to a request that failed: what is foreseen with its reason; the rest goes to the log and is told without
 * its details.
 * @param what failed, for the log
 */
export function failureOf(error: unknown, { log }: { log: Logger }, what: string, message: string): Response {
  const known = foreseen(error);
  if (known) return refusalOf(known);
  log.error({ err: error }, what);
  return jsonError(500, 'INTERNAL', message);
}
