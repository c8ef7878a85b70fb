import { randomBytes } from 'node:crypto';
import { sitePath, withoutBase } from '../../platform/env/site-path';
import { visitorOfKey } from '../../accounts/keys/service';
import type { Services } from '../../accounts/context';
import { addressOf } from '../../accounts/visitor';
import { completeChat } from './chat';
import { siteOf, type ApiContext } from './context';
import { ApiError, toApiError } from './errors';
import { editImages, generateImages } from './images';
import { getModel, listModels } from './models';
import { openApiDocument } from './openapi';

/** OpenAI's clients wait ten minutes; the answer should come before they give up. */
const usualTimeLimitMs = 9.5 * 60_000;
const prefix = '/api/v1';

interface Route {
  method: 'GET' | 'POST';
  path: RegExp;
  /** For everybody, without a key. */
  open?: (request: Request) => Response;
  answer?: (ctx: ApiContext, match: RegExpExecArray) => Promise<Response>;
}

const routes: Route[] = [
  { method: 'POST', path: /^\/images\/generations$/, answer: generateImages },
  { method: 'POST', path: /^\/images\/edits$/, answer: editImages },
  { method: 'POST', path: /^\/chat\/completions$/, answer: completeChat },
  { method: 'GET', path: /^\/models$/, answer: async ({ db }) => Response.json(await listModels(db)) },
  {
    method: 'GET',
    path: /^\/models\/([^/]+)$/,
    answer: async ({ db }, match) => Response.json(await getModel(db, decoded(match[1] ?? ''))),
  },
  {
    method: 'GET',
    path: /^\/openapi\.json$/,
    open: (request) => Response.json(openApiDocument(siteOf(request))),
  },
];

/** Answers every request under /api/v1. Never throws: what goes wrong is told in OpenAI's form. */
export async function handleHttpApi(
  request: Request,
  services: Services,
  { timeLimitMs = usualTimeLimitMs }: { timeLimitMs?: number } = {},
): Promise<Response> {
  const requestId = `req_${randomBytes(12).toString('hex')}`;
  let response: Response;
  try {
    response = await route(request, services, timeLimitMs);
  } catch (error) {
    const known = toApiError(error);
    if (known.status === 500) services.log.error({ err: error, requestId }, 'request of the HTTP API failed');
    response = Response.json(known.body, { status: known.status, headers: known.headers });
  }
  const { headers } = response;
  headers.set('x-request-id', requestId);
  // A key, not a cookie, says who asks; so any page may ask.
  headers.set('access-control-allow-origin', '*');
  headers.set('access-control-expose-headers', 'x-request-id, retry-after');
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  return response;
}

async function route(request: Request, services: Services, timeLimitMs: number): Promise<Response> {
  const pathname = withoutBase(new URL(request.url).pathname);
  const path = pathname.slice(prefix.length).replace(/\/$/, '');
  const here = routes.filter((one) => one.path.test(path));
  if (here.length === 0)
    throw new ApiError(
      404,
      `${request.method} ${sitePath(pathname.slice(0, 200))} doesn’t exist. See ${sitePath(prefix)}/openapi.json.`,
      {
        code: 'unknown_url',
      },
    );
  const methods = [...new Set(here.map(({ method }) => method))];
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  if (request.method === 'OPTIONS') return preflight(request, allow);
  const asked = request.method === 'HEAD' ? 'GET' : request.method;
  const found = here.find(({ method }) => method === asked);
  if (!found)
    throw new ApiError(405, `${request.method} is not supported here. Use ${methods.join(' or ')}.`, {
      code: 'method_not_allowed',
      headers: { allow },
    });
  if (found.open) return found.open(request);
  const visitorId = await authenticate(request, services);
  const match = found.path.exec(path);
  if (!found.answer || !match) throw new Error(`the route ${path} has no answer`);
  const address = addressOf(request.headers);
  return found.answer(
    { ...services, request, visitorId, address, site: siteOf(request), timeLimitMs },
    match,
  );
}

async function authenticate(request: Request, services: Services): Promise<string> {
  const secret = /^Bearer +(.+)$/i.exec(request.headers.get('authorization')?.trim() ?? '')?.[1];
  const visitorId = secret ? await visitorOfKey(services, secret) : null;
  if (visitorId) return visitorId;
  throw new ApiError(
    401,
    secret
      ? `This key is invalid or has been revoked. Create another at ${sitePath('/developers')}.`
      : `The API key is missing. Send it in the header Authorization: Bearer ngs_…; create keys at ${sitePath('/developers')}.`,
    {
      code: 'invalid_api_key',
      headers: {
        'www-authenticate': `Bearer realm="nexus-gen-studio"${secret ? ', error="invalid_token"' : ''}`,
      },
    },
  );
}

function preflight(request: Request, allow: string): Response {
  // OpenAI's clients add headers of their own, which "*" would not cover together with Authorization.
  const wanted = request.headers.get('access-control-request-headers') ?? '';
  const headers = /^[\w\s,-]{1,2000}$/.test(wanted) ? wanted : 'authorization, content-type, idempotency-key';
  return new Response(null, {
    status: 204,
    headers: {
      allow,
      'access-control-allow-methods': allow,
      'access-control-allow-headers': headers,
      'access-control-max-age': '600',
    },
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
