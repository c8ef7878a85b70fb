import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  isTrackedEnvelope,
  TRPCError,
} from '@trpc/server';
import type { Context } from '../../accounts/context';
import { sse } from '../../accounts/procedures';
import { appRouter } from '../root';

/**
 * Subscriptions written straight to the connection, in the format of tRPC's own adapters (which `httpSubscriptionLink`
 * reads): those pass every event through four web streams, which takes most of the memory and time of a stream.
 */

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  connection: 'keep-alive',
};
const config = appRouter._def._config;

export const isSubscription = (path: string): boolean => {
  const { procedures } = appRouter._def as {
    procedures: Record<string, { _def?: { type?: string } } | undefined>;
  };
  return Object.hasOwn(procedures, path) && procedures[path]?._def?.type === 'subscription';
};

/**
 * Runs a subscription until it ends or the visitor leaves. What it throws is told in the stream.
 * @param url with the input as JSON in `input`
 */
export async function serveSubscription(
  message: IncomingMessage,
  response: ServerResponse,
  { path, url, ctx }: { path: string; url: URL; ctx: Context },
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  response.writeHead(200, headers);
  response.write(`event: connected\ndata: ${JSON.stringify(sse.client)}\n\n\n`);
  const ping = setInterval(() => response.write('event: ping\ndata: \n\n\n'), sse.ping.intervalMs);
  let input: unknown;
  const data = (value: unknown) => `data: ${JSON.stringify(config.transformer.output.serialize(value))}\n`;
  try {
    const events = (await callTRPCProcedure({
      router: appRouter,
      path,
      ctx,
      type: 'subscription',
      getRawInput: async () => (input = inputOf(message, url)),
      signal: left.signal,
      batchIndex: 0,
    })) as AsyncIterable<unknown>;
    for await (const event of events) {
      if (left.signal.aborted) return;
      const text = isTrackedEnvelope(event) ? `${data(event[1])}id: ${event[0]}\n` : data(event);
      // Who reads slowly is not sent more than the connection holds.
      if (!response.write(`${text}\n\n`)) await once(response, 'drain', { signal: left.signal });
      ping.refresh();
    }
    response.write('event: return\ndata: \n\n\n');
  } catch (cause) {
    if (left.signal.aborted) return;
    const error: TRPCError = getTRPCErrorFromUnknown(cause);
    const shape = getTRPCErrorShape({ config, error, path, input, ctx, type: 'subscription' });
    response.write(`event: serialized-error\n${data(shape)}\n\n`);
  } finally {
    clearInterval(ping);
    response.end();
  }
}

/** As tRPC tells it. @throws TRPCError BAD_REQUEST for what no superjson wrote */
function deserialized(text: string): unknown {
  try {
    return config.transformer.input.deserialize(JSON.parse(text) as never);
  } catch (cause) {
    throw new TRPCError({
      code: 'BAD_REQUEST',
      message: cause instanceof Error ? cause.message : undefined,
      cause,
    });
  }
}

/** A browser that comes back says in a header what it saw last. */
function inputOf(message: IncomingMessage, url: URL): unknown {
  const text = url.searchParams.get('input');
  const input: unknown = text === null ? undefined : deserialized(text);
  const lastEventId =
    message.headers['last-event-id'] ??
    url.searchParams.get('lastEventId') ??
    url.searchParams.get('Last-Event-Id');
  if (!lastEventId) return input;
  if (input === undefined || input === null) return { lastEventId };
  return typeof input === 'object' && !Array.isArray(input) ? { ...input, lastEventId } : input;
}
