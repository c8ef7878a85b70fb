import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { StudioError } from '../../platform/errors/errors';
import { noteSeen } from '../../platform/limits/last-seen';
import { appRouter } from '../root';
import type { Context, Services } from '../../accounts/context';
import { bodyLimits } from '../../platform/limits/body-limits.mjs';
import { addressOf, isSameSite } from '../../accounts/visitor';
import { toTrpcError } from '../../accounts/trpc-errors';
import { jsonError, refusalOf } from './responses';
import { streamHeaders } from './stream-visitor';
import { isSubscription } from './trpc-stream';
import { readLimited } from './uploads';
import { whoAsks, type Who } from './requester';

/** Who asks, and what their procedures work with. */
export async function contextOf(
  request: Pick<Request, 'headers' | 'url'>,
  services: Services,
  addCookie: (cookie: string) => void,
): Promise<{ ctx: Context; who: Who }> {
  const { headers } = request;
  const who = await whoAsks(request, services);
  const { user, sessionId, visitorId, anonymousId, secure, embedded, isNew } = who;
  // In the background: nothing waits for it, and the next request does what this one could not.
  if (!isNew) void noteSeen(services.db, visitorId).catch(() => undefined);
  const browser = embedded ? null : { headers, secure, addCookie, visitorId: anonymousId };
  return { ctx: { ...services, visitorId, user, sessionId, browser, address: addressOf(headers) }, who };
}

/** Answers queries (GET), mutations (POST) and subscriptions (GET, server-sent events) under /api/trpc. */
export async function handleTrpc(request: Request, services: Services): Promise<Response> {
  if (request.method !== 'GET' && !isSameSite(request.headers))
    return jsonError(403, 'FORBIDDEN', 'This request came from another site and was rejected.');
  const bounded = request.method === 'GET' ? request : await withBody(request);
  if (bounded instanceof Response) return bounded;
  const { headers } = request;
  const url = new URL(request.url);
  const slash = url.pathname.lastIndexOf('/');
  const isStream = isSubscription(url.pathname.slice(slash + 1));
  const response = await fetchRequestHandler({
    endpoint: url.pathname.slice(0, slash),
    req: bounded,
    // The page sends a few together; one request of thousands would hold everything for itself.
    maxBatchSize: 100,
    router: appRouter,
    createContext: async ({ resHeaders }) => {
      const asked = {
        url: request.url,
        headers: isStream ? streamHeaders(headers, url, services.auth.visitors) : headers,
      };
      const { ctx, who } = await contextOf(asked, services, (cookie) =>
        resHeaders.append('set-cookie', cookie),
      ).catch((error: unknown) => {
        throw toTrpcError(error);
      });
      // Only what changes something makes a visitor, so that two queries of a first page make no two of them.
      if (request.method === 'POST') who.introduce(resHeaders);
      who.release(resHeaders);
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

/** The request with its body read, or the refusal of one that is too large or ended too early. */
async function withBody(request: Request): Promise<Request | Response> {
  try {
    const body = await readLimited(
      request,
      bodyLimits.other,
      `The request is larger than ${bodyLimits.other / 1e6} MB. Send a shorter one.`,
    );
    const { method, headers, signal } = request;
    return new Request(request.url, { method, headers, signal, body: new Uint8Array(body) });
  } catch (error) {
    if (error instanceof StudioError) return refusalOf(error);
    return jsonError(400, 'BAD_REQUEST', 'The request body ended too early.');
  }
}
