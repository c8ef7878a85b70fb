import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { appRouter } from '../trpc/root';
import type { Services } from '../trpc/context';
import { isSameSite, visitorOf } from '../trpc/visitor';
import { jsonError } from './responses';

/** Answers queries (GET), mutations (POST) and subscriptions (GET, server-sent events) under /api/trpc. */
export async function handleTrpc(request: Request, services: Services): Promise<Response> {
  if (request.method !== 'GET' && !isSameSite(request.headers))
    return jsonError(403, 'FORBIDDEN', 'This request came from another site and was refused.');
  const secure = (request.headers.get('x-forwarded-proto') ?? new URL(request.url).protocol).startsWith(
    'https',
  );
  const visitor = visitorOf(request.headers, secure);
  const response = await fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: ({ resHeaders }) => {
      // Only what changes something makes a visitor, so that two queries of a first page make no two of them.
      if (visitor.setCookie && request.method === 'POST') resHeaders.append('set-cookie', visitor.setCookie);
      return { ...services, visitorId: visitor.id };
    },
  });
  response.headers.set('x-accel-buffering', 'no');
  return response;
}
