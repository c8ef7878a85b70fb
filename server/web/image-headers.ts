import type { PictureAccess } from './picture-access';

/** How long who may keep a picture: one that is not for everybody no store between server and browser. */
const kept: Record<NonNullable<PictureAccess>, Record<string, string>> = {
  anybody: { 'cache-control': 'public, max-age=31536000, immutable' },
  // A run can be taken back.
  published: { 'cache-control': 'public, max-age=3600' },
  reader: { 'cache-control': 'private, max-age=3600', vary: 'cookie' },
};

/** Pictures never change under their address, are no documents, and belong to pages of this site. */
export const imageHeaders = (
  etag: string,
  access: NonNullable<PictureAccess> = 'anybody',
): Record<string, string> => ({
  etag,
  ...kept[access],
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
});

/** Whether the browser has it already. */
export const isKnown = (request: Request, etag: string): boolean =>
  (request.headers.get('if-none-match') ?? '')
    .split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === etag);
