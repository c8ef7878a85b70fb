/** Which pages may stand in a frame, and who frames them. The server says it with every answer, refusals and files included. */

/** The header by which a request is known to be of the framed page (server/trpc/names.ts). */
export const embedHeader = 'x-studio-embed';

/** @param {string} url as `withBase` gives it @param {string} base */
export const isEmbed = (url, base) => /^\/embed\/?(\?|$)/.test(url.slice(base.length));

/**
 * @param {boolean} embed whether it is the page for frames
 * @param {string} origins the setting EMBED_ORIGINS: empty for every site, `none`, or origins with spaces between them
 * @returns {Record<string, string>} headers
 */
export function framePolicy(embed, origins) {
  if (!embed || origins === 'none')
    // The second is for browsers that know the first not yet.
    return { 'content-security-policy': "frame-ancestors 'none'", 'x-frame-options': 'DENY' };
  return origins === '' ? {} : { 'content-security-policy': `frame-ancestors 'self' ${origins}` };
}
