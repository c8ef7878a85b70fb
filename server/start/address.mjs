import ipaddr from 'ipaddr.js';

/** The header in which the web server tells its routes who asks; what a client sends under this name is replaced. */
export const addressHeader = 'x-studio-address';

/**
 * Where a request came from.
 * @param {string | undefined} socketAddress of the connection
 * @param {string | undefined} forwardedFor X-Forwarded-For as it came; anybody can write into its beginning
 * @param {number} proxies how many proxies of ours stand before the server, each of which appended what it saw
 * @returns {string | null} an IPv4 address, or the /64 of an IPv6 one, which is what one household or host has
 */
export function clientAddress(socketAddress, forwardedFor, proxies) {
  const hops = [...(proxies > 0 ? (forwardedFor ?? '').split(',') : []), socketAddress ?? '']
    .map((hop) => hop.trim())
    .filter(Boolean);
  // From the connection backwards; what no proxy of ours can have written is not read.
  for (let at = Math.max(0, hops.length - 1 - proxies); at < hops.length; at++) {
    const parsed = parse(hops[at] ?? '');
    if (parsed) return parsed;
  }
  return null;
}

/** @param {string} text an address, with a port or brackets as some proxies write it */
function parse(text) {
  const bare = /^\[(.+)\](:\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  if (!ipaddr.isValid(bare)) return null;
  const address = ipaddr.process(bare);
  if (address.kind() === 'ipv4') return address.toString();
  return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
