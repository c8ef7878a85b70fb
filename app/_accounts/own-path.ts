/** Where to go after the sign-in: only to a page of this site, else home. */
export function ownPath(next: string | string[] | undefined): string {
  const home = '/';
  // Browsers take "\" for "/", and leave tabs and line breaks out: "/\t/evil.test" would be another site.
  if (typeof next !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next)) return home;
  const base = 'http://own.invalid';
  if (!URL.canParse(next, base)) return home;
  const { origin, pathname, search, hash } = new URL(next, base);
  // "/..//evil.test" is "//evil.test" once its dots are gone.
  if (origin !== base || pathname.startsWith('//')) return home;
  return `${pathname}${search}${hash}`;
}
