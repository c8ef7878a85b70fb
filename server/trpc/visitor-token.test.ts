import { expect, test } from 'vitest';
import { visitorTokens } from './visitor-token';

const id = '0b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c11';
const tokens = visitorTokens('a secret of this server');

test('a token is its visitor’s, for the use it was made for', () => {
  const [all, streams] = [tokens.issue(id, 'requests'), tokens.issue(id, 'streams')];
  expect(tokens.read(all, 'requests')).toBe(id);
  expect(tokens.read(streams, 'streams')).toBe(id);
  expect(tokens.read(streams, 'requests')).toBeNull();
  expect(tokens.read(all, 'streams')).toBeNull();
});

test.each([
  null,
  undefined,
  '',
  id,
  `${id}.`,
  `${id}.${'A'.repeat(43)}`,
  tokens.issue(id, 'requests').slice(0, -2),
  `${tokens.issue(id, 'requests')}.x`,
  tokens.issue('5d0b4c0e-3a47-4b8e-8f0c-7d2f0a9b1c22', 'requests').replace(/^[^.]*/, id),
  visitorTokens('another secret').issue(id, 'requests'),
  'cookie',
])('%j is nobody’s: this server made no such token', (token) =>
  expect(tokens.read(token, 'requests')).toBeNull(),
);
