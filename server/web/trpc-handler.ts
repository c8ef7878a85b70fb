import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { StudioError } from '../errors/errors';
import { noteSeen } from '../limits/seen';
import { appRouter } from '../trpc/root';
import type { Context, Services } from '../trpc/context';
import { addressOf, isSameSite, isSecure, visitorOf } from '../trpc/visitor';
import { jsonError } from './responses';

/** Who asks, and what their procedures work with. `setCookie` for a visitor who has no cookie yet. */
export function contextOf(
  request: Pick<Request, 'headers' | 'url'>,
  services: Services,
): { ctx: Context; setCookie: string | null } {
  const { id, setCookie } = visitorOf(request.headers, isSecure(request));
  // In the background: nothing waits for it, and the next request does what this one could not.
  if (!setCookie) void noteSeen(services.db, id).catch(() => undefined);
  return { ctx: { ...services, visitorId: id, address: addressOf(request.headers) }, setCookie };
}

/** Answers queries (GET), mutations (POST) and subscriptions (GET, server-sent events) under /api/trpc. */
export async function handleTrpc(request: Request, services: Services): Promise<Response> {
  if (request.method !== 'GET' && !isSameSite(request.headers))
    return jsonError(403, 'FORBIDDEN', 'This request came from another site and was refused.');
  const { ctx, setCookie } = contextOf(request, services);
  const response = await fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: ({ resHeaders }) => {
      // Only what changes something makes a visitor, so that two queries of a first page make no two of them.
      if (setCookie && request.method === 'POST') resHeaders.append('set-cookie', setCookie);
      return ctx;
    },
    responseMeta({ errors }) {
      const seconds = errors.flatMap(({ cause }) =>
        cause instanceof StudioError ? (cause.retryAfterSeconds ?? []) : [],
      );
      return seconds.length > 0 ? { headers: { 'retry-after': String(Math.max(...seconds)) } } : {};
    },
  });
  response.headers.set('x-accel-buffering', 'no');
  return response;
}
