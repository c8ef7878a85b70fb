import { isHttpApi } from '../platform/limits/body-limits.mjs';
import { wrongHost } from '../platform/env/trust.mjs';

/** What is refused before anything reads it, because what would read it fails on it. */

/**
 * @typedef {object} Refusal
 * @property {number} status
 * @property {string} code for programs
 * @property {string} message for people
 * @property {Record<string, number>} [params]
 * @property {number} [retryAfterSeconds]
 * @property {Record<string, string>} [headers]
 */

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const methodsOfPages = ['GET', 'HEAD', 'OPTIONS'];

const badAddress = {
  status: 400,
  code: 'BAD_ADDRESS',
  message: 'The request’s address is invalid: it is not a path, or it contains invalid characters.',
};

/** @param {readonly string[]} allowed @returns {Refusal} */
const otherMethod = (allowed) => ({
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: `This method is not supported here. Use ${allowed.join(', ')}.`,
  headers: { allow: allowed.join(', ') },
});

/** @param {string} path without the base */
const isData = (path) => /^\/api(\/|$)/.test(path);

/**
 * Why a request is not answered; null for one that is.
 * @param {{ method?: string, url: string, headers: import('node:http').IncomingHttpHeaders }} request its headers as
 *   `believeProxies` leaves them, its address without the base
 * @param {{ hosts: readonly string[], dev: boolean }} settings
 * @returns {Refusal | null}
 */
export function refusalOf({ method = 'GET', url, headers }, { hosts, dev }) {
  const wrong = wrongHost(headers, hosts);
  if (wrong === 'malformed')
    return { status: 400, code: 'BAD_HOST', message: 'The request’s host is invalid.' };
  if (wrong === 'foreign')
    return { status: 421, code: 'FOREIGN_HOST', message: 'This server doesn’t serve that host name.' };
  if (!methods.includes(method)) return otherMethod(methods);
  const path = pathOf(url);
  if (path === null) return badAddress;
  // Next.js makes copies of pictures there, for anybody and of any size; no page asks for one.
  if (/^\/_next\/image/.test(path)) return { status: 404, code: 'NOT_FOUND', message: 'Not found.' };
  // Forms are sent by scripts, to the API. Reloading has routes of its own.
  if (!dev && !isData(path) && !methodsOfPages.includes(method)) return otherMethod(methodsOfPages);
  return null;
}

/**
 * The path of an address, decoded; null where that is not possible, or no database could look for it.
 * @param {string} url without the base
 */
export function pathOf(url) {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  if (!path.startsWith('/') && path !== '') return null;
  // What a page does not understand of its address it passes over.
  if (isData(path) && /%00/.test(query)) return null;
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') ? null : decoded;
  } catch {
    return null;
  }
}

/**
 * Answers a refusal, in the form of the route that was asked.
 * @param {import('node:http').ServerResponse} response @param {string} path without the base @param {Refusal} refusal
 */
export function answerRefusal(
  response,
  path,
  { status, code, message, params, retryAfterSeconds, headers = {} },
) {
  const ofApi = isHttpApi(path);
  const type = status === 429 ? 'rate_limit_error' : status < 500 ? 'invalid_request_error' : 'server_error';
  const body = ofApi
    ? { error: { message, type, param: null, code: code.toLowerCase() } }
    : { code, message, params, retryAfterSeconds };
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...(ofApi ? { 'access-control-allow-origin': '*' } : {}),
    ...headers,
  });
  response.end(JSON.stringify(body));
}
