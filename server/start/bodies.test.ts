import { once } from 'node:events';
import {
  createServer,
  request as ask,
  type ClientRequest,
  type IncomingMessage,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { imageLimits } from '../../models/runtime/image/format';
import { conversationLimits } from '../demo/conversations/schema';
import { BodyRefusal, createBodies, HeldMessage } from './bodies.mjs';
import { bodyLimitOf, bodyLimits } from '../platform/limits/body-limits.mjs';

type Settings = Parameters<typeof createBodies>[0];
let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A server that answers what it got, once `answered` allows it, or why it did not take it. */
async function serve(
  settings: Settings,
  { answered = Promise.resolve() as Promise<unknown>, limit = 1000 } = {},
) {
  const bodies = createBodies(settings);
  const arrivals: ((release: () => void) => void)[] = [];
  server = createServer({ IncomingMessage: HeldMessage }, (request, response) => {
    bodies
      .take(request, response, { limit, address: String(request.headers['x-from'] ?? 'one') })
      .then(async (release) => {
        arrivals.shift()?.(release);
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part as Buffer);
        await answered;
        response.end(Buffer.concat(parts));
      })
      .catch((error: unknown) => {
        if (!(error instanceof BodyRefusal)) return;
        if (error.isOver) response.setHeader('connection', 'close');
        response.writeHead(error.status).end(error.code);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = (headers: Record<string, string | number> = {}) =>
    ask({ port, host: '127.0.0.1', method: 'POST', headers, agent: false });
  return { bodies, open, next: () => new Promise<() => void>((resolve) => arrivals.push(resolve)) };
}

async function answerOf(sent: ClientRequest): Promise<{ status?: number; text: string }> {
  // What is refused may still be being sent.
  sent.on('error', () => undefined);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return { status: answer.statusCode, text: Buffer.concat(parts).toString() };
}
const send = (sent: ClientRequest, text: string) => {
  sent.end(text);
  return answerOf(sent);
};

test('a body is handed on as it came, its length announced or not, and then counts no more', async () => {
  const { bodies, open } = await serve({});
  expect(await send(open({ 'content-length': 5 }), 'apple')).toEqual({ status: 200, text: 'apple' });
  const chunked = open({ 'transfer-encoding': 'chunked' });
  chunked.write('two ');
  chunked.write('red ');
  expect(await send(chunked, 'apples')).toEqual({ status: 200, text: 'two red apples' });
  expect(bodies.held).toBe(0);
});

test('a body above the limit is refused: by its length, or as soon as more has come', async () => {
  const { bodies, open } = await serve({});
  const announced = open({ 'content-length': 1001 });
  announced.flushHeaders();
  expect(await answerOf(announced)).toEqual({ status: 413, text: 'TOO_LARGE' });
  announced.destroy();
  const chunked = open({ 'transfer-encoding': 'chunked' });
  chunked.write('x'.repeat(1001));
  expect(await answerOf(chunked)).toEqual({ status: 413, text: 'TOO_LARGE' });
  expect(bodies.held).toBe(0);
});

test('a body that hardly comes is given up, and the connection with it', async () => {
  const { bodies, open } = await serve({ windowMs: 20, windowBytes: 100 });
  const slow = open({ 'content-length': 500 });
  slow.write('x');
  expect(await answerOf(slow)).toEqual({ status: 408, text: 'BODY_SLOW' });
  expect(bodies.held).toBe(0);
});

test('the rest of a refused body that hardly comes is not waited for', async () => {
  const { open } = await serve({ windowMs: 50, windowBytes: 100 }, { limit: 1000 });
  const sent = open({ 'content-length': 5000 });
  sent.write('x');
  expect((await answerOf(sent)).status).toBe(413);
  const socket = sent.socket!;
  if (!socket.destroyed) await once(socket, 'close');
  expect(socket.destroyed).toBe(true);
});

test('what all hold together is bounded, from the announcement until the answer', async () => {
  let answer!: () => void;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const { bodies, open, next } = await serve({ total: 1000, windowMs: 60_000 }, { answered });
  const taken = next();
  const first = send(open({ 'x-from': 'one' }), 'x'.repeat(600));
  await taken;
  expect(await send(open({ 'x-from': 'two' }), 'x'.repeat(600))).toEqual({
    status: 503,
    text: 'BODIES_FULL',
  });
  const chunked = open({ 'x-from': 'two', 'transfer-encoding': 'chunked' });
  chunked.write('x'.repeat(600));
  expect(await answerOf(chunked)).toEqual({ status: 503, text: 'BODIES_FULL' });
  expect(bodies.held).toBe(600);
  answer();
  expect((await first).status).toBe(200);
  expect((await send(open({ 'x-from': 'two' }), 'x'.repeat(600))).status).toBe(200);
});

test('what is done with its body before it answers gives it free', async () => {
  const { bodies, open, next } = await serve({ total: 1000 }, { answered: new Promise(() => undefined) });
  const taken = next();
  void send(open(), 'x'.repeat(600)).catch(() => undefined);
  const release = await taken;
  expect(bodies.held).toBe(600);
  release();
  expect(bodies.held).toBe(0);
});

test('one address holds no more than its share, and has few on their way', async () => {
  const { open } = await serve({ ofOne: 700, openOfOne: 2, windowMs: 60_000 });
  const waiting = [300, 300].map((length) => open({ 'content-length': length }));
  for (const one of waiting) {
    one.on('error', () => undefined);
    one.write('x');
    await once(server, 'request');
  }
  expect(await send(open(), 'x')).toEqual({ status: 429, text: 'BODIES_AT_ONCE' });
  expect((await send(open({ 'x-from': 'two' }), 'x')).status).toBe(200);
  waiting[0]!.end('x'.repeat(299));
  expect((await answerOf(waiting[0]!)).status).toBe(200);
  expect(await send(open(), 'x'.repeat(500))).toEqual({ status: 503, text: 'BODIES_FULL' });
});

test('who goes away in the middle holds nothing any more', async () => {
  const { bodies, open } = await serve({ windowMs: 60_000 });
  const left = open({ 'content-length': 500 });
  left.on('error', () => undefined);
  left.write('x');
  const [, response] = (await once(server, 'request')) as [unknown, NodeJS.EventEmitter];
  expect(bodies.held).toBe(500);
  const closed = once(response, 'close');
  left.destroy();
  await closed;
  expect(bodies.held).toBe(0);
});

test.each([
  ['/api/uploads', bodyLimits.picture],
  ['/api/reviews/uploads', bodyLimits.picture],
  ['/api/conversations', bodyLimits.conversation],
  ['/api/v1/images/edits', bodyLimits.api],
  ['/api/v10', bodyLimits.other],
  ['/api/trpc/demo.submit', bodyLimits.other],
  ['/api/uploads/else', bodyLimits.other],
])('a body to %s has at most %i bytes', (path, bytes) => expect(bodyLimitOf(path)).toBe(bytes));

test('what is taken in is what its readers take', () => {
  expect(bodyLimits.picture).toBe(imageLimits.bytes);
  expect(bodyLimits.conversation).toBe(conversationLimits.bytes);
});
