/** A real HTTP server that speaks the protocol of OpenAI's API, or breaks it as a test wishes. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';

export interface SeenRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body as JSON, or the fields of a form with its files as bytes. */
  fields: Record<string, unknown>;
}

export interface Reply {
  /** 200 unless said otherwise. */
  status?: number;
  headers?: Record<string, string>;
  /** What is neither a string nor bytes is sent as JSON. */
  body?: unknown;
}

/** `drop` ends the connection without an answer, `cut` in the middle of one, `hang` never answers. */
export type Behaviour = (
  request: SeenRequest,
  /** Counts from 0. */
  index: number,
) => Reply | 'drop' | 'cut' | 'hang' | Promise<Reply | 'drop' | 'cut' | 'hang'>;

export interface OpenAiServer {
  /** With `/v1`. */
  baseUrl: string;
  origin: string;
  /** In the order in which they came in whole. */
  requests: readonly SeenRequest[];
  /** Resolves when as many requests as this have come in. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Listens on a free port of this machine. */
export async function startOpenAiServer(behaviour: Behaviour = wellBehaved()): Promise<OpenAiServer> {
  const requests: SeenRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await seen(message);
    const index = requests.push(request) - 1;
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    const reply = await behaviour(request, index);
    if (reply === 'hang') return;
    if (reply === 'drop') message.socket.destroy();
    else if (reply === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"data":[', () => message.socket.destroy());
    } else send(response, reply);
  }

  const server = createServer((message, response) => {
    serve(message, response).catch((error: unknown) =>
      send(response, {
        status: 599,
        body: { error: { message: `the test's server failed: ${String(error)}` } },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    baseUrl: `${origin}/v1`,
    requests,
    arrived: (count) =>
      requests.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => void waiting.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One behaviour after the other, and the last for all further requests. */
export function inTurn(...replies: (Awaited<ReturnType<Behaviour>> | Behaviour)[]): Behaviour {
  return (request, index) => {
    const reply = replies[Math.min(index, replies.length - 1)] ?? 'hang';
    return typeof reply === 'function' ? reply(request, index) : reply;
  };
}

/** Answers the three routes: plain pictures of the size asked for, whose colour depends on the seed, and a sentence. */
export function wellBehaved(): Behaviour {
  return async ({ path, fields }) => {
    if (path === '/v1/images/generations' || path === '/v1/images/edits') {
      const [width = 64, height = 64] =
        typeof fields.size === 'string' ? fields.size.split('x').map(Number) : [];
      return pictureReply(await plainPicture(width, height, Number(fields.seed ?? 0)));
    }
    if (path === '/v1/chat/completions') return wordsReply('A plain picture.');
    return { status: 404, body: { error: { message: `Invalid URL (POST ${path})` } } };
  };
}

/** A PNG file of one colour. */
export async function plainPicture(width: number, height: number, seed = 0): Promise<Buffer> {
  const background = { r: (seed * 53) & 255, g: (seed * 101) & 255, b: (seed * 197 + 90) & 255 };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

export function pictureReply(png: Uint8Array): Reply {
  return { body: { created: 0, data: [{ b64_json: Buffer.from(png).toString('base64') }] } };
}

export function wordsReply(content: unknown, message: object = {}, finish_reason = 'stop'): Reply {
  const choice = { index: 0, finish_reason, message: { role: 'assistant', content, ...message } };
  return { body: { object: 'chat.completion', choices: [choice] } };
}

async function seen(message: IncomingMessage): Promise<SeenRequest> {
  const body = await buffer(message);
  const { method = '', url: path = '', headers } = message;
  return { method, path, headers, body, fields: await fieldsOf(headers['content-type'] ?? '', body) };
}

async function fieldsOf(type: string, body: Buffer): Promise<Record<string, unknown>> {
  if (type.startsWith('application/json')) return JSON.parse(body.toString()) as Record<string, unknown>;
  if (!type.startsWith('multipart/form-data')) return {};
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form)
    fields[name] =
      typeof value === 'string'
        ? value
        : { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
  return fields;
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: Reply): void {
  const plain = typeof body === 'string' || body instanceof Uint8Array;
  response.writeHead(status, { ...(!plain && { 'content-type': 'application/json' }), ...headers });
  response.end(plain ? body : JSON.stringify(body));
}
