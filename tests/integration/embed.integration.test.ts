import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { serveConversation } from '../../server/api/web/conversations';
import { handleTrpc } from '../../server/api/web/trpc-handler';
import { offerToServer, type NodeHandler } from '../../server/api/web/trpc-node';
import { receiveUpload } from '../../server/api/web/uploads';
import { password, teamOf, type TestTeam } from '../support/accounts';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';
import { createTestBrowser } from '../support/test-browser';

/** Who a visitor is where cookies do not come back, and in the page that other sites frame. */
let database: TestDatabase;
let studio: TestStudio;
let server: Server;
let origin: string;
let team: TestTeam;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  team = teamOf(studio);
  offerToServer(() => studio.services);
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

type Headers_ = Record<string, string>;
const job = { task: 'generate', prompt: 'a photo of a cat', language: 'en' };
const call = (path: string, headers: Headers_, body?: unknown, site = 'http://studio.test') =>
  handleTrpc(
    new Request(`${site}/api/trpc/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify({ json: body }),
    }),
    studio.services,
  );
const submit = (headers: Headers_, site?: string) => call('demo.submit', headers, job, site);
const inputOf = (input: unknown) => `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
const jsonOf = async <T>(response: Response) =>
  ((await response.json()) as { result: { data: { json: T } } }).result.data.json;
const idOf = async (response: Response) => (await jsonOf<{ id: string }>(response)).id;
const listed = async (headers: Headers_) => {
  const { items } = await jsonOf<{ items: { id: string }[] }>(await call(`demo.list${inputOf({})}`, headers));
  return items.map(({ id }) => id);
};
const tokensOf = ({ headers }: Response) => ({
  requests: headers.get('x-studio-visitor') ?? '',
  streams: headers.get('x-studio-stream') ?? '',
});
const secureSite = 'https://studio.test';
/** Whom a token is for, as the server reads it. */
const visitorOf = (token: string) => studio.services.auth.visitors.read(token, 'requests');

test('without cookies the token of the first answer finds the visitor again: jobs, uploads, exports', async () => {
  const first = await submit({});
  const id = await idOf(first);
  const { requests } = tokensOf(first);
  const token = { 'x-studio-visitor': requests };
  expect(await listed(token)).toEqual([id]);
  expect(await listed({})).toEqual([]);
  // A second job is the same visitor's, and so is an upload.
  const second = await idOf(await submit(token));
  expect(await listed(token)).toEqual([second, id]);
  const body = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#c02020' } })
    .png()
    .toBuffer();
  const upload = await receiveUpload(
    new Request('http://studio.test/api/uploads', {
      method: 'POST',
      body: new Uint8Array(body),
      headers: token,
    }),
    studio.services,
  );
  const { hash } = (await upload.json()) as { hash: string };
  const visitorId = visitorOf(requests)!;
  expect(await studio.services.db.prisma.upload.count({ where: { visitorId, hash } })).toBe(1);
  const exported = (headers: Headers_) =>
    serveConversation(
      new Request(`http://studio.test/api/conversations/${id}`, { headers }),
      id,
      studio.services,
    );
  expect((await exported({})).status).toBe(404);
  // It is theirs: what is said is that the job is not done yet.
  expect((await exported(token)).status).toBe(409);
});

test('once the cookie comes back, the page is told to forget its token', async () => {
  const first = await submit({});
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { requests } = tokensOf(first);
  const read = await call(`demo.list${inputOf({})}`, { cookie, 'x-studio-visitor': requests });
  expect(read.headers.get('x-studio-visitor')).toBe('cookie');
  const change = await submit({ cookie, 'x-studio-visitor': requests });
  expect(change.headers.get('x-studio-visitor')).toBe('cookie');
  expect(change.headers.get('set-cookie')).toBeNull();
  // Without a token nothing is said, and the cookie counts before a token.
  expect((await submit({ cookie })).headers.get('x-studio-visitor')).toBeNull();
  const other = tokensOf(await submit({})).requests;
  expect(await listed({ cookie, 'x-studio-visitor': other })).toEqual(await listed({ cookie }));
});

test('what this server did not make is nobody’s token, and names no visitor', async () => {
  const victim = await submit({});
  const id = await idOf(victim);
  const { requests, streams } = tokensOf(victim);
  const visitorId = visitorOf(requests)!;
  for (const forged of [visitorId, `${visitorId}.`, streams, requests.slice(0, -1), `${requests}x`]) {
    const headers = { 'x-studio-visitor': forged };
    expect(await listed(headers), forged).toEqual([]);
    const made = tokensOf(await submit(headers)).requests;
    expect(visitorOf(made)).not.toBe(visitorId);
  }
  // An id of an attacker's choice is not taken over either.
  const chosen = randomUUID();
  await submit({ 'x-studio-visitor': chosen });
  expect(await studio.services.db.prisma.visitor.count({ where: { id: chosen } })).toBe(0);
  expect(await listed({ 'x-studio-visitor': requests })).toEqual([id]);
});

test('a stream knows its visitor by the token in its address, which is good for nothing else', async () => {
  const first = await submit({});
  const id = await idOf(first);
  const { requests, streams } = tokensOf(first);
  // Its stream then has an end.
  await call('demo.cancel', { 'x-studio-visitor': requests }, { id });
  const begins = async (parameters: object | null) => {
    const given = parameters ? `&connectionParams=${encodeURIComponent(JSON.stringify(parameters))}` : '';
    const answer = await fetch(`${origin}/api/trpc/demo.events${inputOf({ id })}${given}`);
    const text = await answer.text();
    expect(text).toMatch(/"type":"end"|serialized-error/);
    return text.includes('"type":"end"');
  };
  expect(await begins({ visitor: streams })).toBe(true);
  expect(await begins({ visitor: streams, embed: '1' })).toBe(true);
  expect(await begins({ visitor: requests })).toBe(false);
  expect(await begins({ visitor: [streams] })).toBe(false);
  expect(await begins(null)).toBe(false);
  // The parameters count for streams alone.
  const list = `demo.list${inputOf({})}&connectionParams=${encodeURIComponent(JSON.stringify({ visitor: streams }))}`;
  expect((await jsonOf<{ items: unknown[] }>(await call(list, {}))).items).toEqual([]);
  expect(await listed({ 'x-studio-visitor': streams })).toEqual([]);
});

test('the framed page’s cookie crosses sites under HTTPS, apart for every site; the site’s own never does', async () => {
  const embed = { 'x-studio-embed': '1' };
  const flagsOf = (response: Response) =>
    response.headers.getSetCookie().map((line) => line.replace(/=[0-9a-f-]{36}/, ''));
  expect(flagsOf(await submit(embed, secureSite))).toEqual([
    'studio_embed; Path=/; Max-Age=31536000; HttpOnly; SameSite=None; Secure; Partitioned',
  ]);
  expect(flagsOf(await submit({ ...embed, 'x-forwarded-proto': 'https' }))[0]).toMatch(
    /SameSite=None; Secure; Partitioned$/,
  );
  expect(flagsOf(await submit(embed))[0]).toMatch(/^studio_embed; .*SameSite=Lax$/);
  expect(flagsOf(await submit({}, secureSite))[0]).toMatch(/^studio_visitor; .*SameSite=Lax; Secure$/);
});

test('in the framed page nobody is signed in, and no session begins or ends', async () => {
  const { browser, email } = await team.joined('admin');
  const cookie = browser.header();
  const embed = { cookie, 'x-studio-embed': '1' };
  expect(await jsonOf(await call('accounts.me', { cookie }))).toMatchObject({ email });
  expect(await jsonOf(await call('accounts.me', embed))).toBeNull();
  const id = await idOf(await submit({ cookie }));
  expect(await listed({ cookie })).toContain(id);
  expect(await listed(embed)).toEqual([]);
  for (const [name, input] of [
    ['accounts.signIn', { email, password }],
    ['accounts.signOut', undefined],
  ] as const) {
    const refused = await call(name, embed, input ?? null);
    expect(refused.status).toBe(403);
    expect(refused.headers.getSetCookie().join()).not.toContain('session');
  }
  expect(await jsonOf(await call('accounts.me', { cookie }))).toMatchObject({ email });
});

test('cookies of accounts are for this site alone, with and without HTTPS', async () => {
  const { email } = await team.joined('viewer');
  for (const secure of [true, false]) {
    const browser = createTestBrowser(studio.services, { secure });
    await browser.api.accounts.signIn.mutate({ email, password });
    const session = browser.set.filter((line) => line.includes('session'));
    expect(session.length).toBeGreaterThan(0);
    for (const line of session) {
      expect(line).toMatch(/SameSite=Lax/i);
      expect(line).not.toMatch(/None|Partitioned/i);
    }
  }
});

test.each<[string, Headers_]>([
  ['a form of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ['a sister site', { 'sec-fetch-site': 'same-site', origin: 'https://www.studio.test' }],
  ['an old browser on another site', { origin: 'https://evil.example' }],
  ['a sandboxed frame', { origin: 'null' }],
])('%s changes nothing with the framed page’s cookie or token', async (_who, headers) => {
  const first = await submit({ 'x-studio-embed': '1' }, secureSite);
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  const sent = { ...headers, cookie, host: 'studio.test' };
  for (const more of <Headers_[]>[
    {},
    { 'x-studio-embed': '1' },
    { 'x-studio-visitor': tokensOf(first).requests },
  ])
    expect((await submit({ ...sent, ...more }, secureSite)).status).toBe(403);
  // Without the header that no other site can send, the cookie is not even read.
  const { items } = await jsonOf<{ items: unknown[] }>(await call(`demo.list${inputOf({})}`, { cookie }));
  expect(items).toEqual([]);
});
