/** What is believed of what a request says about itself. */

/** Whether a text can be the host of an address: a name or an address, with a port or without. @param {string} text */
const isHost = (text) =>
  /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(text) && URL.canParse(`http://${text}`);

/**
 * Leaves of what proxies say of a request (X-Forwarded-Host and -Proto) what a proxy of ours has said, as one value, and
 * takes the rest out before anything reads it: anybody can write these headers.
 * @param {import('node:http').IncomingHttpHeaders} headers are changed
 * @param {number} proxies how many proxies of ours stand before the server, each of which replaces the headers, or appends to them
 */
export function believeProxies(headers, proxies) {
  const said = (/** @type {string} */ name) => {
    const values = String(headers[name] ?? '').split(',');
    // What came before what our proxies wrote is anybody's word.
    return proxies > 0 ? (values[Math.max(0, values.length - proxies)] ?? '').trim().toLowerCase() : '';
  };
  const [host, protocol] = [said('x-forwarded-host'), said('x-forwarded-proto')];
  for (const name of ['forwarded', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto'])
    delete headers[name];
  if (host !== '') headers['x-forwarded-host'] = host;
  if (protocol === 'https' || protocol === 'http') headers['x-forwarded-proto'] = protocol;
}

/** The setting ALLOWED_HOSTS as a list. @param {string | undefined} text */
export const hostsOf = (text) =>
  (text ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);

/**
 * What is wrong with the host that a request is for; null where nothing is.
 * @param {import('node:http').IncomingHttpHeaders} headers as `believeProxies` leaves them
 * @param {readonly string[]} allowed as `hostsOf` gives it; empty for every host
 * @returns {'malformed' | 'foreign' | null}
 */
export function wrongHost(headers, allowed) {
  const forwarded = headers['x-forwarded-host'];
  const hosts = [headers.host, forwarded].flatMap((host) => (host === undefined ? [] : [String(host)]));
  if (!hosts.every(isHost)) return 'malformed';
  if (allowed.length === 0) return null;
  const name = String(forwarded ?? headers.host ?? '')
    .toLowerCase()
    .replace(/:\d+$/, '');
  const fits = (/** @type {string} */ one) =>
    one === name || (one.startsWith('*.') && name.endsWith(one.slice(1)));
  return allowed.some(fits) ? null : 'foreign';
}
