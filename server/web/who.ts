import { readSession } from '../accounts/session';
import type { Me } from '../accounts/schema';
import type { Services } from '../trpc/context';
import { isSecure, visitorOf } from '../trpc/visitor';

export interface Who {
  /** Null for the public. */
  user: Me | null;
  sessionId: string | null;
  /** Whose results and keys these are: the account's of who is signed in, else the browser's own. */
  visitorId: string;
  /** The browser's anonymous visitor, whoever is signed in. */
  anonymousId: string;
  secure: boolean;
  /** For a browser that has no visitor yet and is nobody else. */
  setCookie: string | null;
}

/**
 * Who asks. A browser without a session costs no query.
 * @throws the database's error when it is away and there is a session to be read.
 */
export async function whoAsks(
  request: Pick<Request, 'headers' | 'url'>,
  { db, auth }: Pick<Services, 'db' | 'auth'>,
): Promise<Who> {
  const secure = isSecure(request);
  const { id, setCookie } = visitorOf(request.headers, secure);
  const token = auth.tokenOf(request.headers, secure);
  const signedIn = token ? await readSession(db, token) : null;
  if (!signedIn) return { user: null, sessionId: null, visitorId: id, anonymousId: id, secure, setCookie };
  const { me: user, visitorId, sessionId } = signedIn;
  return { user, sessionId, visitorId, anonymousId: id, secure, setCookie: null };
}
