import { readdirSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { cookiePath, isBasePath, ownNames, sitePath, withoutBase } from './site-path';

afterEach(() => vi.unstubAllEnvs());

test('paths are as they are at the root, and below the base where there is one', () => {
  vi.stubEnv('BASE_PATH', '');
  expect([sitePath('/'), sitePath('/api/x?y=1'), cookiePath()]).toEqual(['/', '/api/x?y=1', '/']);
  vi.stubEnv('BASE_PATH', '/lab/studio');
  expect([sitePath('/'), sitePath('/api/x?y=1'), cookiePath()]).toEqual([
    '/lab/studio/',
    '/lab/studio/api/x?y=1',
    '/lab/studio',
  ]);
});

test.each([
  ['/studio', '/'],
  ['/studio/', '/'],
  ['/studio/api/v1/models', '/api/v1/models'],
  ['/studios/api', '/studios/api'],
  ['/api/v1/models', '/api/v1/models'],
])('%s without the base /studio is %s', (given, expected) => {
  vi.stubEnv('BASE_PATH', '/studio');
  expect(withoutBase(given)).toBe(expected);
});

test.each(['/studio', '/a/b', '/nexus-gen_2.0', '/runs-of-us', '/Studio~1'])('%s can be a base', (text) =>
  expect(isBasePath(text)).toBe(true),
);

test.each([
  ...['studio', '/', '/studio/', '//studio', '/a//b', '/a b', '/..', '/a/../b', '/.', '/a?b', '/a#b'],
  ...['/ä', '/%20', 'https://host/studio', '/a\n', '/runs', '/api/studio', '/r'],
])('%j cannot', (text) => expect(isBasePath(text)).toBe(false));

test('the names of own paths are those that there are', () => {
  // A folder in parentheses is no part of the path.
  const paths = readdirSync('app', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\/(page\.tsx|route\.ts)$/.test(file))
    .map((file) => file.split('/').filter((name) => !name.startsWith('(')));
  const pages = new Set(paths.flatMap(([first, ...rest]) => (first && rest.length > 0 ? [first] : [])));
  const files = [...readdirSync('public'), 'icon.svg', '_next'];
  expect([...ownNames].sort()).toEqual([...pages, ...files].sort());
});
