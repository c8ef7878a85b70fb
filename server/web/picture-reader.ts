import { sitePath } from '../env/site-path';
import type { Services } from '../trpc/context';
import { visitorsInCookies } from '../trpc/visitor';
import { pictureAccesses, type PictureAccess } from '../sharing/picture-access';
import { whoAsks } from './who';

/** The parameter of a picture's address that says for whom it is, where nothing else does. */
export const visitorParameter = 'visitor';

/** The path where whoever has it gets the picture, as long as this visitor may see it. */
export const linkTo = (hash: string, visitorId: string, { visitors }: Services['auth']): string =>
  sitePath(`/api/images/${hash}?${visitorParameter}=${visitors.issue(visitorId, `picture ${hash}`)}`);

/**
 * Why whoever asks may see a picture; null where they may not, or where there is none. Browsers send none of a page's
 * own headers with an image: the visitor is known by a cookie of the site or of the framed page, or by a token in the
 * address, one for all that a visitor sees (`streams`) or one for this picture (`picture …`). Who is signed in is read
 * only where that does not do.
 */
export async function accessOf(
  request: Request,
  hash: string,
  services: Pick<Services, 'db' | 'auth'>,
): Promise<PictureAccess | null> {
  const { visitors } = services.auth;
  const token = new URL(request.url).searchParams.get(visitorParameter);
  const inAddress = visitors.read(token, 'streams') ?? visitors.read(token, `picture ${hash}`);
  const visitorIds = [...visitorsInCookies(request.headers), ...(inAddress === null ? [] : [inAddress])];
  const access = await pictureAccesses(services.db, { user: null, visitorIds }, [hash]);
  if (access.has(hash)) return access.get(hash)!;
  const { user, visitorId } = await whoAsks(request, services);
  if (!user) return null;
  return (await pictureAccesses(services.db, { user, visitorIds: [visitorId] }, [hash])).get(hash) ?? null;
}
