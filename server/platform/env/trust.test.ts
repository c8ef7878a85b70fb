import { expect, test } from 'vitest';
import { believeProxies, hostsOf, wrongHost } from './trust.mjs';

const left = (headers: Record<string, string>, proxies: number) => {
  const given = { host: 'inside:3000', ...headers };
  believeProxies(given, proxies);
  return given;
};
const evil = {
  forwarded: 'host=evil.test;proto=https',
  'x-forwarded-host': 'evil.test',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '444',
};

test('without a proxy of ours nothing is believed', () => {
  expect(left(evil, 0)).toEqual({ host: 'inside:3000' });
});

test.each([
  // Replaced by the proxy, or appended to what the client wrote.
  ['https', 1, 'https'],
  ['https, http', 1, 'http'],
  ['http, https', 1, 'https'],
  ['http, https, http', 2, 'https'],
  ['https', 3, 'https'],
  ['HTTPS', 1, 'https'],
  ['gopher', 1, undefined],
  ['', 1, undefined],
])('X-Forwarded-Proto: %s behind %i proxies is %s', (value, proxies, expected) => {
  const headers = left({ 'x-forwarded-proto': value }, proxies) as Record<string, string>;
  expect(headers['x-forwarded-proto']).toBe(expected);
});

test('the host is the one that the proxy of ours saw', () => {
  expect(left({ 'x-forwarded-host': 'evil.test, Studio.test' }, 1)).toEqual({
    host: 'inside:3000',
    'x-forwarded-host': 'studio.test',
  });
});

test.each([
  ['localhost:3000'],
  ['studio.example'],
  ['192.168.1.7:8080'],
  ['[::1]:3000'],
  ['under_score.lan'],
])('%s is a host', (host) => expect(wrongHost({ host }, [])).toBeNull());

test.each([
  'a b',
  'a/b',
  'evil.test#',
  'user@evil.test',
  '[',
  'a:b',
  '1.2.3.4.5',
  '',
  'a"',
  'ä.test',
  'a:123456',
])('%j is none', (host) => {
  expect(wrongHost({ host }, [])).toBe('malformed');
  expect(wrongHost({ host: 'localhost', 'x-forwarded-host': host || ' ' }, [])).toBe('malformed');
});

test('a request of an old client that names no host is for any', () => {
  expect(wrongHost({}, [])).toBeNull();
  expect(wrongHost({}, ['studio.example'])).toBe('foreign');
});

test.each([
  ['studio.example', null],
  ['STUDIO.example:8443', null],
  ['a.lab.example', null],
  ['lab.example', 'foreign'],
  ['evil-lab.example', 'foreign'],
  ['studio.example.evil.test', 'foreign'],
  ['[::1]:3000', null],
])('of the listed hosts, %s is %s', (host, expected) => {
  const allowed = hostsOf('studio.example, *.lab.example [::1]');
  expect(wrongHost({ host }, allowed)).toBe(expected);
});

test('behind a proxy the host is the one that the browser asked for', () => {
  const headers = { host: 'inside:3000', 'x-forwarded-host': 'studio.example' };
  expect(wrongHost(headers, ['studio.example'])).toBeNull();
  expect(wrongHost(headers, ['inside'])).toBe('foreign');
});
