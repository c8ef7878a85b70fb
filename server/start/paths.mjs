/** Where the site stands below the root of its host, for what runs outside the built pages. */

/**
 * The folder of the built pages. The base is fixed when they are built: each has a build of its own, so that a start
 * with another one takes nothing from a server that runs.
 * @param {string | undefined} base the setting BASE_PATH
 */
export const buildFolder = (base) => `.next${(base ?? '').replace(/~/g, '~~').replaceAll('/', '~')}`;

/**
 * The address of a request as Next.js takes it, with the base. A proxy may pass the base on or take it off; and its
 * slash at the end is no other page, which a redirect of ours and one of the proxy's would not agree on.
 * @param {string} url path and query as they came
 * @param {string | undefined} base
 */
export function withBase(url, base) {
  if (!base || !url.startsWith('/')) return url;
  const at = url.indexOf('?');
  const [path, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)];
  if (path === '/' || path === base || path === `${base}/`) return base + query;
  return path.startsWith(`${base}/`) ? url : base + url;
}
