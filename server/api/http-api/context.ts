import { sitePath } from '../../platform/env/site-path';
import type { Services } from '../../accounts/context';
import { originOf } from '../web/origin';

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
export function siteOf({ headers, url }: Pick<Request, 'headers' | 'url'>): string {
  return `${(originOf(headers) ?? new URL(url)).origin}${sitePath('')}`;
}
