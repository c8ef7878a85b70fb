import { readSession } from '../../accounts/session';
import type { Me } from '../../accounts/schema';
import type { Services } from '../../accounts/context';
import { streamHeader, visitorHeader } from '../../accounts/header-names';
import { isEmbedded, isSecure, newVisitor, visitorCookie, visitorInCookie } from '../../accounts/visitor';

export interface Who {
  /** Null for the public. */
  user: Me | null;
  sessionId: string | null;
  /** Whose results and keys these are: the account's of who is signed in, else the browser's own. */
  visitorId: string;
  /** The browser's anonymous visitor, whoever is signed in. */
  anonymousId: string;
  secure: boolean;
  /** Whether it is the page that other sites frame, where nobody is signed in. */
  embedded: boolean;
  /** A visitor of whom nobody knows yet: the browser said nothing. */
  isNew: boolean;
  /** Tells the browser in an answer who it is, for its next request. Only where it changed something. */
  introduce: (headers: Headers) => void;
  /** Tells the page that it needs no token, where it sent one and the cookie comes back too. */
  release: (headers: Headers) => void;
}

/**
 * Who asks: whom the session names; else the cookie, else the token in the header. A browser without a session costs no
 * query. The framed page is asked for no session: what is signed in on the site is out of other sites' reach.
 * @throws the database's error when it is away and there is a session to be read.
 */
export async function whoAsks(
  request: Pick<Request, 'headers' | 'url'>,
  { db, auth }: Pick<Services, 'db' | 'auth'>,
): Promise<Who> {
  const { headers } = request;
  const [secure, embedded] = [isSecure(request), isEmbedded(headers)];
  const sent = headers.get(visitorHeader);
  const inCookie = visitorInCookie(headers);
  const known = inCookie ?? auth.visitors.read(sent, 'requests');
  const id = known ?? newVisitor();
  const session = embedded ? null : auth.tokenOf(headers, secure);
  const signedIn = session ? await readSession(db, session) : null;
  const needsNone = signedIn !== null || inCookie !== null;
  return {
    ...{ user: signedIn?.me ?? null, sessionId: signedIn?.sessionId ?? null },
    visitorId: signedIn?.visitorId ?? id,
    anonymousId: id,
    ...{ secure, embedded },
    isNew: known === null && signedIn === null,
    introduce(answer) {
      if (needsNone) return;
      answer.append('set-cookie', visitorCookie(id, secure, embedded));
      answer.set(visitorHeader, auth.visitors.issue(id, 'requests'));
      answer.set(streamHeader, auth.visitors.issue(id, 'streams'));
    },
    release(answer) {
      if (needsNone && sent !== null) answer.set(visitorHeader, 'cookie');
    },
  };
}
