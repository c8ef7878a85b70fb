import type { Services } from '../../accounts/context';
import { visitorsInCookies } from '../../accounts/visitor';
import { pictureAccesses, visitorParameter, type PictureAccess } from '../../demo/sharing/picture-access';
import { whoAsks } from './requester';

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
