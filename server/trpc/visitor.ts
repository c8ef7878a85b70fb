import { randomUUID } from 'node:crypto';

export const cookieName = 'studio_visitor';
const yearSeconds = 365 * 24 * 3600;
const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a cookie's value can be a visitor's id. */
export const isVisitorId = (value: string): boolean => pattern.test(value);

/**
 * Who is asking: the random id in the cookie. A new visitor gets one, to be sent back as `setCookie`.
 * @param secure whether the browser came by HTTPS.
 */
export function visitorOf(headers: Headers, secure: boolean): { id: string; setCookie: string | null } {
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === cookieName && value && pattern.test(value)) return { id: value, setCookie: null };
  }
  return visitorCookie(secure);
}

/** A visitor whom nobody has been before. */
export function visitorCookie(secure: boolean): { id: string; setCookie: string } {
  const id = randomUUID();
  const flags = `Path=/; Max-Age=${yearSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return { id, setCookie: `${cookieName}=${id}; ${flags}` };
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
