import { randomUUID } from 'node:crypto';
import { cookies } from 'next/headers';
import { createCaller } from '../trpc/root';
import { cookieName, isVisitorId } from '../trpc/visitor';
import { readMe } from './me';
import { getServices } from './services';

/** Procedures as whoever asked for the page may call them, for first views that come with the page. */
export async function pageCaller(): Promise<ReturnType<typeof createCaller>> {
  const [jar, user] = await Promise.all([cookies(), readMe()]);
  const given = jar.get(cookieName)?.value;
  const visitorId = given && isVisitorId(given) ? given : randomUUID();
  return createCaller({ ...getServices(), visitorId, user });
}
