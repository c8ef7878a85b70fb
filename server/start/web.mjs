/** The web server: Next.js behind one HTTP server, so that it ends when asked, open event streams included. */
import { whenParentGone } from './parent.mjs';
import { randomBytes } from 'node:crypto';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import next from 'next';
import { addressHeader, clientAddress } from './address.mjs';
import { BodyRefusal, createBodies, hasBody, HeldMessage } from './bodies.mjs';
import { bodyHeader, bodyLimitOf } from '../platform/limits/body-limits.mjs';
import { embedHeader, isEmbed, isFromEmbed } from './frames.mjs';
import { answerRefusal, pathOf, refusalOf } from './gate.mjs';
import { answerHeaders, nonceHeader, pageHints } from './headers.mjs';
import { withBase } from './paths.mjs';
import { dropBadState } from './router-state.mjs';
import { believeProxies, hostsOf } from '../platform/env/trust.mjs';

// V8 lets the heap grow to several times of what lives in it before it collects: under attack that was 690 MB of resident
// memory around 130 MB of live objects. At half as much again it is 390 MB.
setFlagsFromString('--heap-growing-percent=50');

const root = path.join(import.meta.dirname, '../..');
const port = Number(process.env.PORT ?? 3000);
const hostname = process.env.HOST || '127.0.0.1';
const base = process.env.BASE_PATH || '';
const embedOrigins = process.env.EMBED_ORIGINS || '';
const proxies = Number(process.env.TRUST_PROXY || 0);
const hosts = hostsOf(process.env.ALLOWED_HOSTS);
const dev = process.env.NODE_ENV !== 'production';
const tell = (message) =>
  new Promise((resolve) => (process.send ? process.send(message, resolve) : resolve()));

const app = next({ dev, dir: root, hostname, port });
await app.prepare();
const handle = app.getRequestHandler();
/** Procedures and event streams go past Next (server/api/web/trpc-node.ts), except where it reloads them as they change. */
const isTrpc = ({ method, url }) =>
  !dev &&
  (method === 'GET' || method === 'POST') &&
  /^\/api\/trpc\/[^/?]+(\?|$)/.test(url.slice(base.length));

const bodies = createBodies();
/** By the number in a request's header: gives its body free (server/api/web/body-is-done.ts). */
const givenFree = (globalThis.studioBodies = new Map());
let count = 0;
/** What this server itself says in the headers of a request, and believes of nobody else. */
const own = [
  addressHeader,
  bodyHeader,
  nonceHeader,
  'content-security-policy',
  'content-security-policy-report-only',
];

const server = createServer({ IncomingMessage: HeldMessage }, (request, response) => {
  const { headers } = request;
  const address = clientAddress(request.socket.remoteAddress, headers['x-forwarded-for'], proxies);
  for (const name of own) delete headers[name];
  if (address) headers[addressHeader] = address;
  believeProxies(headers, proxies);
  dropBadState(headers);

  request.url = withBase(request.url, base);
  const embed = isEmbed(request.url, base);
  // The page itself is made for whoever its requests will speak for.
  if (embed) headers[embedHeader] = '1';
  const url = request.url.startsWith('/') ? request.url.slice(base.length) : request.url;
  const place = pathOf(url) ?? '';
  const nonce = randomBytes(16).toString('base64');
  Object.assign(headers, pageHints(place, nonce));
  const secure = headers['x-forwarded-proto'] === 'https';
  const fromEmbed = isFromEmbed(headers.referer, headers['x-forwarded-host'] ?? headers.host, base);
  const told = answerHeaders({ path: place, embed, secure, fromEmbed, nonce }, { base, embedOrigins, dev });
  for (const [name, value] of Object.entries(told)) response.setHeader(name, value);

  const refusal = refusalOf({ method: request.method, url, headers }, { hosts, dev });
  if (refusal) return answerRefusal(response, place, refusal);
  if (!hasBody(request)) return answer(request, response);
  bodies.take(request, response, { limit: bodyLimitOf(place), address }).then(
    (release) => {
      const number = String(++count);
      headers[bodyHeader] = number;
      givenFree.set(number, release);
      response.once('close', () => givenFree.delete(number));
      answer(request, response);
    },
    (error) => {
      // Else nobody is there any more.
      if (!(error instanceof BodyRefusal)) return;
      const { isOver, ...why } = error;
      if (isOver) response.setHeader('connection', 'close');
      answerRefusal(response, place, { ...why, message: error.message });
    },
  );
});

/** Has a request answered by whoever knows what is asked. */
async function answer(request, response) {
  if (isTrpc(request)) {
    await loaded;
    if (globalThis.studioTrpc) return globalThis.studioTrpc(request, response);
  }
  void handle(request, response);
}

/**
 * Has Next load the route that offers the procedures (server/api/web/trpc-node.ts), by a request of nobody's: an event stream
 * may be the first that a browser asks for after a restart. Next answers OPTIONS itself: no database is asked.
 */
async function loadProcedures() {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method: 'OPTIONS', url: `${base}/api/trpc/none`, headers: { host: 'localhost' } });
  request.push(null);
  const response = new ServerResponse(request);
  // Without somewhere to go an answer would never be over.
  response.assignSocket(new PassThrough().resume());
  await handle(request, response);
}
const loaded = dev
  ? undefined
  : loadProcedures().catch((error) => console.error('The procedures could not be loaded ahead:', error));

function stop() {
  server.close(() => process.exit(0));
  // Streams are resumed by the browser from the last event it saw.
  server.closeAllConnections();
  setTimeout(() => process.exit(0), 500).unref();
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
whenParentGone(stop);

server.on('error', async (error) => {
  const taken = `Port ${port} is in use by another program. Stop that program, or choose another: PORT=${port + 1} npm start`;
  await tell({ type: 'fatal', message: error.code === 'EADDRINUSE' ? taken : error.message });
  process.exit(1);
});
server.listen(port, hostname, () => {
  void tell({ type: 'ready' });
});
