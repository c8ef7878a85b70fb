import { expect, test } from 'vitest';
import { isSameSite, visitorOf } from './visitor';

const id = '0b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c11';

test('a visitor is who the cookie says', () => {
  const headers = new Headers({ cookie: `theme=dark; studio_visitor=${id}; other=1` });
  expect(visitorOf(headers, false)).toEqual({ id, setCookie: null });
});

test.each(['', 'studio_visitor=', 'studio_visitor=admin', `studio_visitor=${id}x`, `xstudio_visitor=${id}`])(
  'the cookie %j makes a new visitor',
  (cookie) => {
    const visitor = visitorOf(new Headers({ cookie }), true);
    expect(visitor.id).not.toBe(id);
    expect(visitor.setCookie).toMatch(/HttpOnly; SameSite=Lax; Secure$/);
  },
);

test.each<[Record<string, string>, boolean]>([
  [{}, true],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://studio.test' }, false],
  [{ origin: 'http://studio.test', host: 'studio.test' }, true],
  [{ origin: 'http://studio.test', host: 'inside:3000', 'x-forwarded-host': 'studio.test' }, true],
  [{ origin: 'http://evil.test', host: 'studio.test' }, false],
  [{ origin: 'null', host: 'studio.test' }, false],
])('%o comes from this site: %s', (headers, expected) => {
  expect(isSameSite(new Headers(headers))).toBe(expected);
});
