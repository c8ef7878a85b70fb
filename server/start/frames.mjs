/** Which pages may stand in a frame, and who frames them. The server says it with every answer (headers.mjs). */

/** The header by which a request is known to be of the framed page (server/accounts/header-names.ts). */
export const embedHeader = 'x-studio-embed';

/** @param {string} url as `withBase` gives it @param {string} base */
export const isEmbed = (url, base) => /^\/embed\/?(\?|$)/.test(url.slice(base.length));

/**
 * Whether a request comes by a link of the framed page: no other site can say so of itself.
 * @param {string | undefined} referer @param {string | undefined} host that the request is for @param {string} base
 */
export function isFromEmbed(referer, host, base) {
  if (!referer || !host || !URL.canParse(referer)) return false;
  const from = new URL(referer);
  return from.host === host.toLowerCase() && isEmbed(from.pathname, base);
}

/**
 * @param {boolean} embed whether it is the page for frames
 * @param {string} origins the setting EMBED_ORIGINS: empty for every site, `none`, or origins with spaces between them
 * @returns {string[]} the directive of the policy; none where every site may
 */
export function frameAncestors(embed, origins) {
  if (!embed || origins === 'none') return ["frame-ancestors 'none'"];
  return origins === '' ? [] : [`frame-ancestors 'self' ${origins}`];
}
