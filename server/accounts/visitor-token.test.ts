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

test('a token tells nobody who its visitor is, and is the same each time', () => {
  for (const use of ['requests', 'streams', `picture ${'a'.repeat(64)}`] as const) {
    const token = tokens.issue(id, use);
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain(id.slice(0, 8));
    expect(token).not.toContain(id.slice(0, 8));
    expect([tokens.issue(id, use), tokens.read(token, use)]).toEqual([token, id]);
  }
});

const token = tokens.issue(id, 'requests');
test.each([
  null,
  undefined,
  '',
  id,
  `${id}.`,
  'A'.repeat(86),
  token.slice(0, -2),
  token.slice(2),
  `${token}xxxx`,
  `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`,
  tokens.issue(id, `picture ${'a'.repeat(64)}`),
  visitorTokens('another secret').issue(id, 'requests'),
  tokens.issue('no visitor', 'requests'),
  'cookie',
])('%j is nobody’s: this server made no such token', (given) =>
  expect(tokens.read(given, 'requests')).toBeNull(),
);
