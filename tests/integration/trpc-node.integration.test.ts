import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { EventHub } from '../../server/platform/db/hub';
import { handleTrpc } from '../../server/api/web/trpc-handler';
import { offerToServer, type NodeHandler } from '../../server/api/web/trpc-node';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** What Node's server answers by itself is what tRPC's own adapter answers, byte for byte. */
let database: TestDatabase;
let studio: TestStudio;
let server: Server;
let origin: string;
/** Resolves when a stream has let go of its bell. */
let closed: Promise<void>;
const visitor = randomUUID();
const cookie = `studio_visitor=${visitor}`;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  const hub: EventHub = {
    ...studio.services.hub,
    subscribe(id) {
      const bell = studio.services.hub.subscribe(id);
      let resolve: () => void;
      closed = new Promise((done) => (resolve = done));
      return {
        next: bell.next,
        close() {
          bell.close();
          resolve();
        },
      };
    },
  };
  offerToServer(() => ({ ...studio.services, hub }));
  const { studioTrpc } = globalThis as typeof globalThis & { studioTrpc: NodeHandler };
  server = createServer(studioTrpc).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await studio.close();
  await database.drop();
});

const inputOf = (input: unknown) => `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
/** By Node's server, and by tRPC's adapter. */
async function both(path: string, init: RequestInit = {}) {
  const url = `${origin}/api/trpc/${path}`;
  const options = { ...init, headers: { cookie, ...init.headers } };
  const of = async (answer: Response) => ({
    status: answer.status,
    type: answer.headers.get('content-type'),
    caching: answer.headers.get('cache-control'),
    text: await answer.text(),
  });
  return [
    await of(await fetch(url, options)),
    await of(await handleTrpc(new Request(url, options), studio.services)),
  ] as const;
}

test('streams are those of tRPC, byte for byte', async () => {
  await studio.worker();
  const { id } = await studio
    .as(visitor)
    .demo.submit({ task: 'generate', prompt: 'steps=3', language: 'en' });
  await studio.reaches(id, 'done');
  const requests: [string, RequestInit?][] = [
    [`demo.events${inputOf({ id })}`],
    [`demo.events${inputOf({ id })}`, { headers: { 'last-event-id': '2' } }],
    [`demo.events${inputOf({ id, lastEventId: '2' })}`],
    [`demo.events${inputOf({ id })}&lastEventId=3`],
    [`demo.events${inputOf({ id: randomUUID() })}`],
    [`demo.events${inputOf({ id: 'no id' })}`],
    ['demo.events'],
    [
      `demo.events?input=${encodeURIComponent('{"json":{"id":"x"},"meta":{"values":{"id":[["custom","x"]]}}}')}`,
    ],
  ];
  for (const [path, init] of requests) {
    const [own, trpc] = await both(path, init);
    expect(own).toEqual(trpc);
    expect(own.text).toContain('event: connected');
  }
  expect((await both(`demo.events${inputOf({ id })}`))[0].text).toMatch(/"type":"end"[^]*event: return/);
});

test.each([
  ['demo.events?input=%7B'],
  ['demo.list?input=%7B'],
  [`demo.list${inputOf({})}`],
  ['demo.nothing'],
  ['demo.submit'],
  [`demo.list,demo.model?batch=1&input=${encodeURIComponent('{"0":{"json":{}}}')}`],
])('%s is answered as tRPC does', async (path) => {
  const [own, trpc] = await both(path);
  expect(own).toEqual(trpc);
});

test('a change from another site is refused, one from here makes a visitor', async () => {
  const send = (headers: Record<string, string>) =>
    fetch(`${origin}/api/trpc/demo.submit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ json: { task: 'generate', prompt: 'apples' } }),
    });
  expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const made = await send({});
  expect(made.status).toBe(200);
  expect(made.headers.get('set-cookie')).toMatch(/^studio_visitor=[0-9a-f-]{36}; /);
});

test('long answers are compressed for who takes that', async () => {
  const url = `${origin}/api/trpc/demo.model,demo.model,demo.model?batch=1&input=%7B%7D`;
  const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  const packed = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(await packed.text()).toBe(await plain.text());
});

test('who leaves a stream is forgotten', async () => {
  const { id } = await studio
    .as(visitor)
    .demo.submit({ task: 'generate', prompt: 'steps=1000 delay=50', language: 'en' });
  const left = new AbortController();
  const answer = await fetch(`${origin}/api/trpc/demo.events${inputOf({ id })}`, {
    headers: { cookie },
    signal: left.signal,
  });
  await answer.body!.getReader().read();
  left.abort();
  await closed;
  await studio.as(visitor).demo.cancel({ id });
});

test('a body beyond the limit is refused before it is read whole', async () => {
  const answer = await fetch(`${origin}/api/trpc/demo.submit`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ json: { prompt: 'x'.repeat(3_000_000) } }),
  });
  expect(answer.status).toBe(413);
});
