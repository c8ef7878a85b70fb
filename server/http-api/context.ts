import { sitePath } from '../env/site-path';
import type { Services } from '../trpc/context';

/** What a route works with. */
export interface ApiContext extends Services {
  request: Request;
  /** Whose key it is; their jobs and their limits. */
  visitorId: string;
  address: string | null;
  /** Where this site is seen by who asks, its base included, e.g. `https://host.example/studio`. */
  site: string;
  /** How long a request may take, in milliseconds. */
  timeLimitMs: number;
}

/**
 * Where the site is seen from outside, without a slash at its end: by the proxy's words, else by the host that was
 * asked for; and the base.
 */
export function siteOf(request: Request): string {
  return `${originOf(request)}${sitePath('')}`;
}

function originOf(request: Request): string {
  const { headers } = request;
  const url = new URL(request.url);
  const first = (name: string) => headers.get(name)?.split(',')[0]?.trim();
  const protocol = first('x-forwarded-proto') ?? url.protocol.replace(':', '');
  const host = first('x-forwarded-host') ?? headers.get('host') ?? url.host;
  const origin = `${protocol === 'https' ? 'https' : 'http'}://${host}`;
  // Only a plain host makes a link; anything else in the header is not repeated.
  return /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:]+\](:\d{1,5})?$/i.test(host) && URL.canParse(origin)
    ? origin
    : url.origin;
}
