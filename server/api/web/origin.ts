/** Where the visitor came to. Nothing else of the site reads what proxies say of the host. */

/**
 * The origin that the browser asked for, as the proxy says it or the request; undefined where that is none. Only a plain
 * host makes one: anything else in the headers is not repeated.
 * @param headers as server/platform/env/trust.mjs leaves them: what no proxy of ours has said is not there
 */
export function originOf(headers: Headers): URL | undefined {
  const host = headers.get('x-forwarded-host') ?? headers.get('host') ?? '';
  const origin = `${headers.get('x-forwarded-proto') === 'https' ? 'https' : 'http'}://${host}`;
  const isPlain = /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:]+\](:\d{1,5})?$/i.test(host);
  return isPlain && URL.canParse(origin) ? new URL(origin) : undefined;
}
