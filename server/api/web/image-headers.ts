import type { PictureAccess } from '../../demo/sharing/picture-access';

/**
 * How long who may keep a picture: one that is not for everybody no store between server and browser, and none without
 * asking where that may end.
 */
const kept: Record<PictureAccess, Record<string, string>> = {
  // The visitor has it anyhow.
  own: { 'cache-control': 'private, max-age=86400, immutable', vary: 'cookie' },
  // A link ends when it is taken back.
  shared: { 'cache-control': 'public, no-cache' },
  published: { 'cache-control': 'public, max-age=300' },
  reader: { 'cache-control': 'private, max-age=300', vary: 'cookie' },
};

/**
 * Pictures never change under their address, and belong to pages of this site. That they are no documents, all files of
 * the site say (server/start/headers.mjs).
 */
export const imageHeaders = (etag: string, access: PictureAccess): Record<string, string> => ({
  etag,
  ...kept[access],
  'cross-origin-resource-policy': 'same-origin',
});

/** Whether the browser has it already. */
export const isKnown = (request: Request, etag: string): boolean =>
  (request.headers.get('if-none-match') ?? '')
    .split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === etag);
