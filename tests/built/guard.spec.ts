import { once } from 'node:events';
import { request as ask, type IncomingMessage } from 'node:http';
import { expect, test } from '@playwright/test';
import { newVisitor, origin, picture } from './product';

/** What guards the built product: the headers of every answer, and what is refused before anything reads it. */

async function sent(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: (string | Buffer)[] } = {},
): Promise<{ status: number | undefined; body: string; headers: IncomingMessage['headers'] }> {
  const { hostname, port } = new URL(origin);
  const { method = 'GET', headers = {}, body = [] } = options;
  // As it stands: `fetch` would tidy it up.
  const request = ask({ hostname, port, path, method, headers, agent: false });
  // What is refused may still be being sent.
  request.on('error', () => undefined);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  for (const part of body) request.write(part);
  request.end();
  const [answer] = await answered;
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return { status: answer.statusCode, body: Buffer.concat(parts).toString(), headers: answer.headers };
}
const refusalOf = async (...asked: Parameters<typeof sent>) => {
  const { status, body } = await sent(...asked);
  return [status, (JSON.parse(body) as { code?: string }).code];
};

const pages = ['/', '/runs', '/leaderboard', '/developers', '/sign-in', '/r/none', '/nothing/here', '/embed'];
const others = [
  '/api/health',
  '/api/v1/models',
  '/api/trpc/demo.model',
  '/api/images/x',
  '/_next/nothing.js',
];

test('every script of a page has the nonce of its answer, which is new each time', async () => {
  const nonces = new Set<string>();
  for (const path of pages) {
    const { headers, body } = await sent(path);
    const policy = String(headers['content-security-policy']);
    const [, nonce = ''] = /'nonce-([^']+)'/.exec(policy) ?? [];
    expect(nonce, path).not.toBe('');
    nonces.add(nonce);
    expect(policy).toContain("object-src 'none'; base-uri 'none'");
    expect(policy).not.toContain('unsafe-eval');
    const scripts = [...body.matchAll(/<script\b([^>]*)>/g)].map(([, attributes = '']) => attributes);
    expect(scripts.length, path).toBeGreaterThan(0);
    for (const attributes of scripts) expect(attributes, path).toContain(`nonce="${nonce}"`);
  }
  expect(nonces.size).toBe(pages.length);
});

test('every answer says that it is what it says, and to whom it tells its address', async () => {
  for (const path of [...pages, ...others, '/icon.svg', '/examples/two-red-apples.png'])
    expect((await sent(path)).headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
  expect((await sent('/')).headers['cross-origin-opener-policy']).toBe('same-origin');
  expect((await sent('/embed')).headers).not.toHaveProperty('cross-origin-opener-policy');
  for (const path of others)
    expect((await sent(path)).headers['content-security-policy'], path).toContain(
      "default-src 'none'; sandbox",
    );
});

test('a picture that somebody sent is nothing but a picture', async () => {
  const { cookie } = await newVisitor();
  const body = [await picture()];
  const headers = { cookie, origin, 'transfer-encoding': 'chunked' };
  const upload = await sent('/api/uploads', { method: 'POST', headers, body });
  expect(upload.status).toBe(201);
  const { hash } = JSON.parse(upload.body) as { hash: string };
  expect((await sent(`/api/images/${hash}`)).headers).toMatchObject({
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  });
});

test('HTTPS is asked for where a proxy of ours says that it is there', async () => {
  expect((await sent('/')).headers).not.toHaveProperty('strict-transport-security');
  const { headers } = await sent('/', { headers: { 'x-forwarded-proto': 'https' } });
  expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
});

test('what nothing can read is refused with a code', async () => {
  expect(await refusalOf('/', { method: 'TRACE' })).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect(await refusalOf('/', { method: 'POST' })).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect(await refusalOf('/leaderboard/%ff')).toEqual([400, 'BAD_ADDRESS']);
  expect(await refusalOf('/r/%00')).toEqual([400, 'BAD_ADDRESS']);
  expect(await refusalOf('/', { headers: { host: 'a/b' } })).toEqual([400, 'BAD_HOST']);
  expect(await refusalOf('/_next/image?url=%2Ficon.svg&w=640&q=75')).toEqual([404, 'NOT_FOUND']);
  const nul = encodeURIComponent(JSON.stringify({ json: { benchmark: 'a\0b' } }));
  expect((await sent(`/api/trpc/runs.list?input=${nul}`)).status).toBe(400);
});

test('a body above its limit is refused, its length told or not, in the form of the route', async () => {
  const length = { 'content-length': '20000001', origin };
  expect(await refusalOf('/api/uploads', { method: 'POST', headers: length })).toEqual([413, 'TOO_LARGE']);
  const body = Array.from({ length: 3 }, () => Buffer.alloc(1_000_000));
  const headers = { 'transfer-encoding': 'chunked', origin };
  expect(await refusalOf('/api/trpc/demo.submit', { method: 'POST', headers, body })).toEqual([
    413,
    'TOO_LARGE',
  ]);
  const api = await sent('/api/v1/images/edits', {
    method: 'POST',
    headers: { 'content-length': '30000001' },
  });
  expect([api.status, JSON.parse(api.body)]).toMatchObject([
    413,
    { error: { code: 'too_large', param: null } },
  ]);
});

test('health names no machine to everybody', async () => {
  const report = JSON.parse((await sent('/api/health')).body) as { workers: object };
  expect(report.workers).toEqual({ ok: true, message: 'ready', count: 1 });
});
