import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isConnectionError } from '../../platform/errors/errors';
import type { Services } from '../../accounts/context';
import { streamHeaders } from './stream-visitor';
import { contextOf, handleTrpc } from './trpc-handler';
import { isSubscription, serveSubscription } from './trpc-stream';

/** Answers a request of Node's HTTP server. */
export type NodeHandler = (message: IncomingMessage, response: ServerResponse) => void;

const shared = globalThis as typeof globalThis & { studioTrpc?: NodeHandler };

/**
 * Offers /api/trpc to the HTTP server (server/start/web.mjs), which answers it without Next around it from then on: that
 * halves what a request costs. Next loads the route that calls this when it starts; its bundle is the only copy of the
 * services.
 */
export function offerToServer(services: () => Services): void {
  shared.studioTrpc = (message, response) => {
    answer(message, response, services()).catch((error: unknown) => {
      // A stream that is cut off is asked for again by the browser; one that is refused is not.
      if (isConnectionError(error)) return void response.destroy();
      services().log.error({ err: error }, 'a request failed');
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  };
}

async function answer(message: IncomingMessage, response: ServerResponse, services: Services): Promise<void> {
  // For its path alone: the headers tell the host, and what it is believed (server/platform/env/trust.mjs).
  const url = new URL(String(message.url), 'http://localhost');
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  const path = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  if (message.method === 'GET' && isSubscription(path) && isJson(url.searchParams.get('input'))) {
    // What is followed begins and ends no session.
    const asked = { headers: streamHeaders(headers, url, services.auth.visitors), url: url.href };
    const { ctx } = await contextOf(asked, services, () => undefined);
    if (response.destroyed) return;
    return serveSubscription(message, response, { path, url, ctx });
  }
  const { method } = message;
  // As a stream: who reads it stops at its limit.
  const body = method === 'GET' ? undefined : (Readable.toWeb(message) as ReadableStream<Uint8Array>);
  const answered = await handleTrpc(
    new Request(url, { method, headers, body, duplex: 'half' } as RequestInit),
    services,
  );
  if (response.destroyed) return;
  // What was not read of the body would be taken for the next request.
  if (!message.complete) response.setHeader('connection', 'close');
  await write(message, response, answered);
}

function isJson(text: string | null): boolean {
  try {
    if (text !== null) JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const compress = promisify(gzip);
/** Smaller ones fit into a packet as they are. */
const worthCompressing = 1400;

async function write(message: IncomingMessage, response: ServerResponse, answered: Response): Promise<void> {
  let body = Buffer.from(await answered.arrayBuffer());
  for (const [name, value] of answered.headers) if (name !== 'set-cookie') response.setHeader(name, value);
  const cookies = answered.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  if (body.byteLength > worthCompressing && /\bgzip\b/.test(message.headers['accept-encoding'] ?? '')) {
    body = await compress(body);
    response.setHeader('content-encoding', 'gzip');
    response.appendHeader('vary', 'accept-encoding');
  }
  response.setHeader('content-length', body.byteLength);
  response.writeHead(answered.status).end(body);
}
