import { headers } from 'next/headers';
import { cache } from 'react';
import type { Me } from '../../accounts/schema';
import { getServices } from './services';
import { whoAsks, type Who } from './requester';

/** Who asked for the page that is being made, read once a request; null while the database is away. */
export const readWho = cache(async (): Promise<Who | null> => {
  // First: at the build, where there is no request, Next leaves the page for later here.
  const given = await headers();
  const services = getServices();
  try {
    // The protocol is in the headers: Next puts it there.
    return await whoAsks({ headers: new Headers(given), url: 'http://localhost' }, services);
  } catch (error) {
    services.log.warn({ err: error }, 'who asks could not be read');
    return null;
  }
});

/** Who is signed in, for pages that the server makes; null for the public. */
export const readMe = async (): Promise<Me | null> => (await readWho())?.user ?? null;
