import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { answerRefusal, refusalOf } from './gate.mjs';

const settings = { hosts: [], dev: false };
const asked = (url: string, method = 'GET', host = 'localhost:3000') =>
  refusalOf({ url, method, headers: { host } }, settings);

test.each([
  ['GET', '/'],
  ['GET', ''],
  ['GET', '/runs?q=%ff&a=%5Cu0000'],
  ['GET', '/runs?q=a%00b'],
  ['GET', '/leaderboard/a%20b'],
  ['HEAD', '/r/x'],
  ['OPTIONS', '/api/v1/models'],
  ['POST', '/api/uploads'],
  ['DELETE', '/api/v1/models'],
  ['GET', '/_next/static/chunks/a.js'],
])('%s %s goes on', (method, url) => expect(asked(url, method)).toBeNull());

test.each([
  ['TRACE', '/', 405, 'METHOD_NOT_ALLOWED'],
  ['PROPFIND', '/api/health', 405, 'METHOD_NOT_ALLOWED'],
  ['POST', '/', 405, 'METHOD_NOT_ALLOWED'],
  ['PUT', '/runs', 405, 'METHOD_NOT_ALLOWED'],
  ['POST', '/apis', 405, 'METHOD_NOT_ALLOWED'],
  ['GET', '/leaderboard/%ff', 400, 'BAD_ADDRESS'],
  ['GET', '/api/images/%', 400, 'BAD_ADDRESS'],
  ['GET', '/r/a%00b', 400, 'BAD_ADDRESS'],
  ['GET', '/api/runs/x/export?format=a%00b', 400, 'BAD_ADDRESS'],
  ['GET', 'http://evil.test/', 400, 'BAD_ADDRESS'],
  ['OPTIONS', '*', 400, 'BAD_ADDRESS'],
  ['GET', '/_next/image?url=%2Fapi%2Fimages%2Fx&w=640&q=75', 404, 'NOT_FOUND'],
  ['GET', '/_next/%69mage?url=x', 404, 'NOT_FOUND'],
])('%s %s is refused', (method, url, status, code) => {
  expect(asked(url, method)).toMatchObject({ status, code });
});

test('pages are sent to only where reloading does so', () => {
  const request = { url: '/__nextjs_original-stack-frames', method: 'POST', headers: { host: 'localhost' } };
  expect(refusalOf(request, { hosts: [], dev: true })).toBeNull();
});

test('a host that is none, and one that is not ours', () => {
  expect(asked('/', 'GET', 'a b')).toMatchObject({ status: 400, code: 'BAD_HOST' });
  const of = (host: string) =>
    refusalOf({ url: '/', headers: { host } }, { ...settings, hosts: ['studio.example'] });
  expect(of('evil.test')).toMatchObject({ status: 421, code: 'FOREIGN_HOST' });
  expect(of('studio.example:443')).toBeNull();
});

test('a refusal has the form of the route that was asked', async () => {
  const refusal = { status: 503, code: 'BODIES_FULL', message: 'Full.', retryAfterSeconds: 5 };
  const server = createServer((request, response) => answerRefusal(response, request.url ?? '', refusal));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  const plain = await at('/api/uploads');
  expect([plain.status, plain.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await plain.json()).toEqual({ code: 'BODIES_FULL', message: 'Full.', retryAfterSeconds: 5 });
  expect(await (await at('/api/v1/images/edits')).json()).toEqual({
    error: { message: 'Full.', type: 'server_error', param: null, code: 'bodies_full' },
  });
  server.close();
});
