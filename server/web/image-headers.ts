/**
 * Pictures never change under their address, are no documents, and belong to pages of this site.
 * @param teamOnly whether no store between server and browser may keep it, nor the browser for long
 */
export const imageHeaders = (etag: string, teamOnly = false): Record<string, string> => ({
  etag,
  ...(teamOnly
    ? { 'cache-control': 'private, max-age=3600', vary: 'cookie' }
    : { 'cache-control': 'public, max-age=31536000, immutable' }),
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
});

/** Whether the browser has it already. */
export const isKnown = (request: Request, etag: string): boolean =>
  (request.headers.get('if-none-match') ?? '')
    .split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === etag);
