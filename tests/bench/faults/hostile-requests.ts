/** Requests that no page would send, the same ones for the same seed, to every procedure and every route. */
import { createVisitor } from '../demo/visitor';
import { allowed } from '../../support/allowed';
import type { Hostile } from './hostile-images';
import { seeded, type Random } from './random';
import { ask, hasCode, type Site } from './site';

const procedures = Object.keys(allowed);

const routes = [
  ...[
    '/',
    '/runs',
    '/leaderboard',
    '/reviews',
    '/developers',
    '/team',
    '/account',
    '/sign-in',
    '/embed',
    '/r/x',
    '/join/x',
  ],
  ...[
    '/reset/x',
    '/api/health',
    '/api/images/x',
    '/api/uploads',
    '/api/conversations',
    '/api/conversations/x',
  ],
  ...[
    '/api/leaderboard/geneval',
    '/api/leaderboard/ablations',
    '/api/runs/x/export',
    '/api/reviews/x/export',
  ],
  ...['/api/reviews/uploads', '/api/v1/models', '/api/v1/images/generations', '/api/v1/images/edits'],
  ...['/api/v1/chat/completions', '/api/v1/jobs/x', '/_next/image', '/_next/static/x', '/favicon.ico'],
];

const strings = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '%00',
    '%ff',
    '%',
    '../../etc/passwd',
    '\\..\\..',
    '<script>',
    "' OR 1=1 --",
    '𝕏\ud800',
    '\u202e',
  ],
  ...[
    '00000000-0000-0000-0000-000000000000',
    'f'.repeat(64),
    'x'.repeat(5000),
    '9'.repeat(400),
    'NaN',
    '-0',
    '1e999',
  ],
];
const scalars = [null, true, -1, 0, 1.5, 1e308, -1e308, 2 ** 53, [], {}, [[]], { a: { b: {} } }, ...strings];
const names = [
  ...[
    'id',
    'runId',
    'token',
    'hash',
    'hashes',
    'prompt',
    'task',
    'limit',
    'cursor',
    'q',
    'queueId',
    'benchmark',
    'group',
  ],
  ...[
    'name',
    'email',
    'password',
    'state',
    'width',
    'seed',
    'requestId',
    'sourceHash',
    'filter',
    'sort',
    'page',
    '__proto__',
  ],
];

const value = (random: Random, depth = 0): unknown => {
  const kind = random.below(10);
  if (depth < 3 && kind === 0) return Array.from({ length: random.below(4) }, () => value(random, depth + 1));
  if (depth < 3 && kind < 3) return object(random, depth + 1);
  return random.of(scalars);
};
const object = (random: Random, depth = 0) =>
  Object.fromEntries(
    Array.from({ length: 1 + random.below(6) }, () => [random.of(names), value(random, depth)] as const),
  );

/** What tRPC takes as input, and what it does not. */
const inputs: ((random: Random) => string)[] = [
  (random) => JSON.stringify({ json: object(random) }),
  (random) => JSON.stringify({ json: value(random) }),
  (random) => JSON.stringify({ json: object(random), meta: { values: object(random) } }),
  (random) =>
    JSON.stringify({
      json: object(random),
      meta: { values: { [random.of(names)]: [random.of(['Date', 'bigint', 'map', 'class'])] } },
    }),
  (random) => JSON.stringify(value(random)),
  (random) => JSON.stringify({ json: object(random) }).slice(0, random.below(40)),
  () => '{"json":{"__proto__":{"admin":true},"constructor":{"prototype":{}}}}',
  (random) => '['.repeat(1 + random.below(3000)),
  (random) => random.bytes(random.below(100)).toString('latin1'),
];

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'];
const headers: ((random: Random) => Record<string, string>)[] = [
  () => ({}),
  () => ({ host: 'evil.example' }),
  () => ({ host: 'a b' }),
  () => ({ 'x-forwarded-host': '"><script>', 'x-forwarded-proto': 'javascript' }),
  () => ({ 'x-forwarded-for': '1.2.3.4, ::, nonsense', 'x-studio-address': '10.0.0.1' }),
  () => ({ cookie: `studio_visitor=${'x'.repeat(3000)}; a=b; =; ;;` }),
  () => ({ 'accept-language': 'x'.repeat(2000), 'content-type': 'text/html; charset=utf-7' }),
  () => ({ 'content-type': 'multipart/form-data; boundary=' }),
  () => ({ 'content-type': 'multipart/form-data; boundary=x' }),
  () => ({ range: 'bytes=0-,5-', 'if-none-match': '*', 'if-modified-since': 'never' }),
  () => ({ authorization: 'Bearer ngs_nonsense' }),
  () => ({ 'next-action': 'x', rsc: '1', 'next-router-state-tree': '%7B' }),
  (random) => ({ 'content-encoding': random.of(['gzip', 'br', 'nonsense']) }),
];

function asked(random: Random, n: number): Parameters<typeof ask>[1] {
  const some = { ...random.of(headers)(random) };
  const name = procedures[n % procedures.length]!;
  if (n % 2 === 0) {
    const input = random.of(inputs)(random);
    // Half of them are of the wrong kind for what they ask.
    return random.below(2) === 0
      ? {
          path: `/api/trpc/${name}?input=${encodeURIComponent(Buffer.from(input).toString())}`,
          headers: some,
        }
      : {
          ...{ method: 'POST', path: `/api/trpc/${name}`, body: input },
          headers: { 'content-type': 'application/json', ...some },
        };
  }
  const route = routes[Math.floor(n / 2) % routes.length]!;
  const parameters = Array.from(
    { length: random.below(3) },
    () => `${random.of(names)}=${encodeURIComponent(Buffer.from(random.of(strings)).toString())}`,
  );
  const bend = random.of([
    (at: string) => at,
    (at: string) => at.replace(/x$/, () => encodeURIComponent(Buffer.from(random.of(strings)).toString())),
    (at: string) => `${at}%ff`,
    (at: string) => `${at}/..%2f..`,
    (at: string) => `/${at}`,
  ]);
  const method = random.of(methods);
  const body = ['GET', 'HEAD', 'TRACE', 'OPTIONS'].includes(method) ? undefined : random.of(inputs)(random);
  return {
    method,
    path: bend(route) + (parameters.length > 0 ? `?${parameters.join('&')}` : ''),
    headers: some,
    body,
  };
}

/** What the server loads once is loaded: every page and route as a person asks for it, and pictures. */
export async function warmUp(site: Site): Promise<void> {
  const { hostileImages } = await import('./hostile-images');
  for (let round = 0; round < 5; round++)
    for (const path of routes) await ask(site.port, { path }).catch(() => undefined);
  // Whatever is loaded when it is first asked for is there before the memory is looked at.
  await hostileRequests(site, 400, 2);
  await hostileImages(site, 200);
}

/** Eight at a time; a stream that is opened is left after a moment. */
export async function hostileRequests(site: Site, count: number, seed = 1): Promise<Hostile> {
  const random = seeded(seed);
  const visitor = createVisitor(site.port);
  const found: Hostile = { sent: 0, statuses: {}, bad: [] };
  const lane = async () => {
    while (found.sent < count) {
      const n = found.sent++;
      const one = asked(random, n);
      const own = random.below(2) === 0 && !('cookie' in (one.headers ?? {}));
      const request = own
        ? { ...one, headers: { ...one.headers, cookie: `studio_visitor=${visitor.id}` } }
        : one;
      // Some open an event stream, which does not end.
      const signal = AbortSignal.timeout(20_000);
      const answer = await ask(site.port, { ...request, signal }).catch((error: unknown) => error as Error);
      const status = answer instanceof Error ? 0 : answer.status;
      found.statuses[status] = (found.statuses[status] ?? 0) + 1;
      const isBad = answer instanceof Error ? !isOurs(answer) : !hasCode(answer);
      if (isBad)
        found.bad.push(
          `${status} ${request.method ?? 'GET'} ${request.path.slice(0, 200)} ${JSON.stringify(request.headers).slice(0, 120)} ` +
            `${String(request.body ?? '').slice(0, 200)}: ${answer instanceof Error ? answer.message : answer.body.toString().slice(0, 160)}`,
        );
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return found;
}

/** What this client refuses to send, and streams that it left itself. */
const isOurs = (error: Error) =>
  /^ERR_(INVALID|UNESCAPED)/.test(String((error as NodeJS.ErrnoException).code)) ||
  error.name === 'AbortError' ||
  error.name === 'TimeoutError';
