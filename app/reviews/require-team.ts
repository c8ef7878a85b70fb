import { redirect } from 'next/navigation';
import type { Me } from '@/server/accounts/schema';
import { readMe } from '@/server/api/web/current-user';

/**
 * Who looks at a page that is the team's alone. The public goes to sign in, and from there back to `path`.
 * @param path with its query, as `/reviews?show=open`.
 */
export async function requireTeam(path: string): Promise<Me> {
  const me = await readMe();
  if (!me) redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  return me;
}

/** The search parameters of a page. */
export type Query = Record<string, string | string[] | undefined>;

/** A page's address as it was asked for, its query included. */
export function pathWith(path: string, query: Query): string {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    ),
  ).toString();
  return search ? `${path}?${search}` : path;
}
