import type { Services } from '../trpc/context';

/** What a route works with. */
export interface ApiContext extends Services {
  request: Request;
  /** Whose key it is; their jobs and their limits. */
  visitorId: string;
  address: string | null;
  /** Where this server is seen by who asks, e.g. `https://studio.example`. */
  origin: string;
  /** How long a request may take, in milliseconds. */
  timeLimitMs: number;
}

/** Where the server is seen from outside: by the proxy's words, else by the host that was asked for. */
export function originOf(request: Request): string {
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
