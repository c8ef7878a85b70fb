import { expect, test } from 'vitest';
import { answerHeaders, nonceHeader, pageHints } from './headers.mjs';

const settings = { base: '', embedOrigins: '', dev: false };
const page = { path: '/', embed: false, secure: false, fromEmbed: false, nonce: 'Zm9v' };
const policyOf = (headers: Record<string, string>) =>
  Object.fromEntries(
    (headers['content-security-policy'] ?? '').split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );

test('a page runs its own files and what carries its nonce, and stands in no frame', () => {
  const headers = answerHeaders(page, settings);
  expect(policyOf(headers)).toMatchObject({
    'default-src': "'self'",
    'script-src': "'self' 'nonce-Zm9v'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  });
  expect(headers).toMatchObject({
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'cross-origin-opener-policy': 'same-origin',
  });
});

test('texts are evaluated only where pages reload as they are written', () => {
  expect(answerHeaders(page, settings)['content-security-policy']).not.toContain('unsafe-eval');
  expect(policyOf(answerHeaders(page, { ...settings, dev: true }))).toMatchObject({
    'script-src': "'self' 'nonce-Zm9v' 'unsafe-eval'",
    'connect-src': "'self' ws: wss:",
  });
});

test.each(['/api/images/x', '/api', '/api/trpc/demo.list', '/_next/static/x.js'])(
  'what is no page, as %s, runs and loads nothing',
  (path) => {
    const headers = answerHeaders({ ...page, path }, settings);
    expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox; frame-ancestors 'none'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(headers).not.toHaveProperty('cross-origin-opener-policy');
  },
);

test('the page for frames stands in those of others, its scripts as guarded as anywhere', () => {
  const embed = { ...page, path: '/embed', embed: true };
  const headers = answerHeaders(embed, settings);
  expect(policyOf(headers)).toMatchObject({ 'script-src': "'self' 'nonce-Zm9v'" });
  expect(headers['content-security-policy']).not.toContain('frame-ancestors');
  expect(headers).not.toHaveProperty('x-frame-options');
  expect(headers).not.toHaveProperty('cross-origin-opener-policy');
  const some = answerHeaders(embed, { ...settings, embedOrigins: 'https://a.example' });
  expect(policyOf(some)).toMatchObject({ 'frame-ancestors': "'self' https://a.example" });
  expect(some).not.toHaveProperty('x-frame-options');
  expect(answerHeaders(embed, { ...settings, embedOrigins: 'none' })).toMatchObject({
    'x-frame-options': 'DENY',
  });
});

test('what a link of the framed page opens may be sandboxed as that is', () => {
  expect(answerHeaders({ ...page, fromEmbed: true }, settings)).not.toHaveProperty(
    'cross-origin-opener-policy',
  );
});

test('HTTPS is asked for by HTTPS alone, and not of the rest of a host that is shared', () => {
  expect(answerHeaders(page, settings)).not.toHaveProperty('strict-transport-security');
  const told = (base: string) =>
    answerHeaders({ ...page, secure: true }, { ...settings, base })['strict-transport-security'];
  expect(told('')).toBe('max-age=63072000; includeSubDomains');
  expect(told('/studio')).toBe('max-age=63072000');
});

test.each(['/join/x', '/reset/x'])(
  'the address of %s is a key: nobody is told it, and no copy is kept',
  (path) => {
    expect(answerHeaders({ ...page, path }, settings)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  },
);

test('a page learns its nonce, and nothing else does', () => {
  expect(pageHints('/runs', 'Zm9v')).toEqual({
    [nonceHeader]: 'Zm9v',
    'content-security-policy': "script-src 'nonce-Zm9v'",
  });
  expect(pageHints('/api/health', 'Zm9v')).toEqual({});
});
