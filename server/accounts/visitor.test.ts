import { afterEach, expect, test, vi } from 'vitest';
import { isSameSite, visitorCookie, visitorInCookie } from './visitor';

const id = '0b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c11';
const other = '5d0b4c0e-3a47-4b8e-8f0c-7d2f0a9b1c22';
afterEach(() => vi.unstubAllEnvs());

test('a visitor is who the cookie says', () => {
  const headers = new Headers({ cookie: `theme=dark; studio_visitor=${id}; other=1` });
  expect(visitorInCookie(headers)).toBe(id);
});

test('the framed page has a cookie of its own, and neither page reads the other’s', () => {
  const cookie = `studio_visitor=${id}; studio_embed=${other}`;
  expect(visitorInCookie(new Headers({ cookie }))).toBe(id);
  expect(visitorInCookie(new Headers({ cookie, 'x-studio-embed': '1' }))).toBe(other);
  expect(visitorInCookie(new Headers({ cookie: `studio_visitor=${id}`, 'x-studio-embed': '1' }))).toBeNull();
});

test.each(['', 'studio_visitor=', 'studio_visitor=admin', `studio_visitor=${id}x`, `xstudio_visitor=${id}`])(
  'the cookie %j is nobody’s',
  (cookie) => expect(visitorInCookie(new Headers({ cookie }))).toBeNull(),
);

test('only the framed page’s cookie goes where another site is around it, and only by HTTPS', () => {
  const year = 'Max-Age=31536000; HttpOnly';
  expect(visitorCookie(id, false)).toBe(`studio_visitor=${id}; Path=/; ${year}; SameSite=Lax`);
  expect(visitorCookie(id, true)).toBe(`studio_visitor=${id}; Path=/; ${year}; SameSite=Lax; Secure`);
  expect(visitorCookie(id, false, true)).toBe(`studio_embed=${id}; Path=/; ${year}; SameSite=Lax`);
  expect(visitorCookie(id, true, true)).toBe(
    `studio_embed=${id}; Path=/; ${year}; SameSite=None; Secure; Partitioned`,
  );
  vi.stubEnv('BASE_PATH', '/studio');
  expect(visitorCookie(id, true)).toContain('; Path=/studio; ');
});

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
