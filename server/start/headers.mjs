import { frameAncestors } from './frames.mjs';

/** The headers that every answer of the site carries: the one table of them, refusals, files and streams included. */

/** The header by which the page learns the nonce of its own scripts (app/layout.tsx). */
export const nonceHeader = 'x-nonce';

/** No page asks for any of these. */
const permissions = [
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
]
  .map((name) => `${name}=()`)
  .join(', ');

/** Two years, as browsers ask for before they believe it from the first visit on. */
const hstsSeconds = 2 * 365 * 24 * 3600;

/**
 * What a page may load and run: its own files; scripts in the page itself by the nonce of the answer alone. Styles in the
 * page cannot be forbidden: charts and messages position what they draw by them.
 * @param {string} nonce @param {boolean} dev reloading evaluates texts and has a socket
 */
const pageSources = (nonce, dev) => [
  "default-src 'self'",
  `script-src 'self' 'nonce-${nonce}'${dev ? " 'unsafe-eval'" : ''}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  `connect-src 'self'${dev ? ' ws: wss:' : ''}`,
  "frame-src 'none'",
  "worker-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
];

/** Of answers that are no pages: pictures that people sent, files, JSON. Opened by itself, none of them runs or loads anything. */
const dataSources = ["default-src 'none'", 'sandbox'];

/** Whether it is a page, or a file or data. @param {string} path without the base */
const isPage = (path) => !/^\/(api|_next)(\/|$)/.test(path);

/**
 * @param {object} request
 * @param {string} request.path without the base
 * @param {boolean} request.embed whether it is the page for frames
 * @param {boolean} request.secure whether the browser came by HTTPS
 * @param {boolean} request.fromEmbed whether a link in the page for frames led here: see below
 * @param {string} request.nonce new for each answer
 * @param {object} settings
 * @param {string} settings.base
 * @param {string} settings.embedOrigins
 * @param {boolean} settings.dev
 * @returns {Record<string, string>}
 */
export function answerHeaders({ path, embed, secure, fromEmbed, nonce }, { base, embedOrigins, dev }) {
  const ancestors = frameAncestors(embed, embedOrigins);
  const policy = [...(isPage(path) ? pageSources(nonce, dev) : dataSources), ...ancestors].join('; ');
  return {
    'content-security-policy': policy,
    // For browsers that know no frame-ancestors.
    ...(ancestors[0] === "frame-ancestors 'none'" ? { 'x-frame-options': 'DENY' } : {}),
    'x-content-type-options': 'nosniff',
    // Addresses of results and runs are nobody's business elsewhere; those of invitations and for passwords are keys, of
    // which no copy is kept either.
    ...(/^\/(join|reset)\/./.test(path)
      ? { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' }
      : { 'referrer-policy': 'same-origin' }),
    'permissions-policy': permissions,
    // The page for frames stands in a window of others; and where they sandbox it, so is what its links open, in which a
    // browser shows nothing that has this header.
    ...(isPage(path) && !embed && !fromEmbed ? { 'cross-origin-opener-policy': 'same-origin' } : {}),
    // Below a path the rest of the host, and what is under its name, is others'.
    ...(secure
      ? { 'strict-transport-security': `max-age=${hstsSeconds}${base === '' ? '; includeSubDomains' : ''}` }
      : {}),
  };
}

/**
 * What the page is told of it: Next.js takes the nonce for its own scripts out of the policy.
 * @param {string} path without the base @param {string} nonce
 * @returns {Record<string, string>} request headers; empty for what is no page
 */
export const pageHints = (path, nonce) =>
  isPage(path) ? { [nonceHeader]: nonce, 'content-security-policy': `script-src 'nonce-${nonce}'` } : {};
