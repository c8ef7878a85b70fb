import { expect, test } from 'vitest';
import { originOf } from './origin';

test.each([
  [{ host: 'localhost:3000' }, 'http://localhost:3000'],
  [{ host: 'inside:3000', 'x-forwarded-host': 'studio.example' }, 'http://studio.example'],
  [{ host: 'studio.example', 'x-forwarded-proto': 'https' }, 'https://studio.example'],
  [{ host: '[::1]:3000' }, 'http://[::1]:3000'],
  [{ host: 'studio.example', 'x-forwarded-proto': 'javascript' }, 'http://studio.example'],
  [{ host: 'evil.example/"><script>' }, undefined],
  [{ host: 'user@evil.example' }, undefined],
  [{}, undefined],
])('%o came to %s', (headers, expected) => {
  expect(originOf(new Headers(headers as Record<string, string>))?.origin).toBe(expected);
});
