/**
 * Where the site is served below the root of its host: the setting BASE_PATH, such as `/studio`. The build of the
 * pages puts its value in place of `process.env.BASE_PATH`, so this holds in the browser too.
 */
const base = (): string => process.env.BASE_PATH ?? '';

/**
 * The path that a browser asks for, of a page, a route or a file of this site. Next.js adds the base to `next/link`,
 * the router and `redirect` by itself; everything else that names a path goes through here.
 * @param path begins with `/`, as it is without a base
 */
export const sitePath = (path: string): string => `${base()}${path}`;

/** Cookies of this site are kept from others on the same host. */
export const cookiePath = (): string => base() || '/';

/** The path of a request as it is without a base; proxies may have taken the base off already. */
export function withoutBase(pathname: string): string {
  const at = base();
  if (at === '' || !(pathname === at || pathname.startsWith(`${at}/`))) return pathname;
  return pathname.slice(at.length) || '/';
}

/**
 * First names of the site's own paths. A base that began with one could not be told from a path whose base a proxy took
 * off. A test compares the list with what there is.
 */
export const ownNames: readonly string[] = [
  ...['account', 'api', 'developers', 'embed', 'examples', 'icon.svg', 'join', 'leaderboard', '_next', 'r'],
  ...['reset', 'reviews', 'runs', 'screenshot.png', 'sign-in', 'team'],
];

/** Whether a text can be the setting BASE_PATH. */
export const isBasePath = (text: string): boolean =>
  /^(\/[\w.~-]+)+$/.test(text) &&
  text.split('/').every((part) => !/^\.+$/.test(part)) &&
  !ownNames.includes(text.split('/')[1] ?? '');
