import type { Me } from '../../accounts/schema';
import type { Services } from '../../accounts/context';
import { whoAsks } from './requester';

/** Who is signed in, for routes that are no procedures; null for the public, an ended session and a disabled account. */
export const userOf = async (
  request: Pick<Request, 'headers' | 'url'>,
  services: Pick<Services, 'db' | 'auth'>,
): Promise<Me | null> => (await whoAsks(request, services)).user;
