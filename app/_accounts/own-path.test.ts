import { expect, test } from 'vitest';
import { ownPath } from './own-path';

test.each(['/', '/runs', '/reviews/new?run=1&verdict=wrong#top', '/a//b', '/%2F%2Fevil.test'])(
  '%j is a page of this site',
  (next) => expect(ownPath(next)).toBe(next),
);

test.each([
  undefined,
  '',
  'runs',
  'https://evil.test/',
  '//evil.test',
  '/\\evil.test',
  '\\\\evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/..//evil.test',
  '/.//evil.test',
  'javascript:alert(1)',
  ' /runs',
  ['/runs', '//evil.test'],
])('%j leads home', (next) => expect(ownPath(next)).toBe('/'));
