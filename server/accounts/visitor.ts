import { randomUUID } from 'node:crypto';
import { cookiePath } from '../platform/env/site-path';
import { embedHeader } from './header-names';

export const cookieName = 'studio_visitor';
/**
 * The visitor of the page that other sites frame (`/embed`): never the one of the site itself, and under HTTPS another
 * one within every site that frames it.
 */
export const embedCookieName = 'studio_embed';

const yearSeconds = 365 * 24 * 3600;
const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a cookie's value can be a visitor's id. */
export const isVisitorId = (value: string): boolean => pattern.test(value);

/** Whether a request comes from the page that other sites frame. */
export const isEmbedded = (headers: Headers): boolean => headers.has(embedHeader);

/** The random id in the browser's cookie; null where there is none. */
export const visitorInCookie = (headers: Headers): string | null =>
  visitorsNamed(headers, isEmbedded(headers) ? embedCookieName : cookieName)[0] ?? null;

/** Whoever the browser is here, on the site itself and in a frame. */
export const visitorsInCookies = (headers: Headers): string[] =>
  visitorsNamed(headers, cookieName, embedCookieName);

function visitorsNamed(headers: Headers, ...names: string[]): string[] {
  const found: string[] = [];
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const [name = '', value] = part.trim().split('=');
    if (names.includes(name) && value && pattern.test(value)) found.push(value);
  }
  return found;
}

/** A visitor whom nobody has been before. */
export const newVisitor = (): string => randomUUID();

/**
 * The cookie that says who a visitor is. Only that of the framed page goes where another site is around it, and each
 * such site has a jar of its own for it (CHIPS).
 * @param secure whether the browser came by HTTPS, without which no cookie goes there
 */
export function visitorCookie(id: string, secure: boolean, embedded = false): string {
  const reach = embedded && secure ? 'SameSite=None; Secure; Partitioned' : 'SameSite=Lax';
  const flags = `Path=${cookiePath()}; Max-Age=${yearSeconds}; HttpOnly; ${reach}`;
  const isSecure = secure && !embedded ? '; Secure' : '';
  return `${embedded ? embedCookieName : cookieName}=${id}; ${flags}${isSecure}`;
}

/** Whether the browser came by HTTPS, to us or to the proxy before us. */
export const isSecure = (request: Pick<Request, 'headers' | 'url'>): boolean =>
  (request.headers.get('x-forwarded-proto') ?? new URL(request.url).protocol).startsWith('https');

/** The address that server/start/web.mjs found; null without that server. */
export const addressOf = (headers: Headers): string | null => headers.get('x-studio-address');

/** Whether a request that changes something comes from a page of this site, or from a program, not another site. */
export function isSameSite(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site) return site === 'same-origin' || site === 'none';
  const origin = headers.get('origin');
  if (!origin) return true;
  const host = headers.get('x-forwarded-host') ?? headers.get('host');
  return URL.canParse(origin) && new URL(origin).host === host;
}
