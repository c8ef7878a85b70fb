import { headers } from 'next/headers';
import { listAudit, teamAreas } from '../../platform/audit/audit';
import { listInvitations, lookAtInvitation } from '../../accounts/invitations';
import { lookAtReset } from '../../accounts/join';
import { listMembers } from '../../accounts/people';
import type { InvitationView, SessionView } from '../../accounts/schema';
import { listSessions } from '../../accounts/session';
import { StudioError } from '../../platform/errors/errors';
import { addressOf } from '../../accounts/visitor';
import { readWho } from './current-user';
import { getServices } from './services';

/** What the pages about accounts show first. */

/** A number of seconds: too many links were opened from there; it will be possible again then. */
type TooMany = { retryAfterSeconds: number };

/** Counts the opening of a link, so that nobody tries many. */
async function opened<T>(read: () => Promise<T>): Promise<T | TooMany> {
  const address = addressOf(new Headers(await headers()));
  try {
    await getServices().limits.takeLink({ address });
  } catch (error) {
    if (error instanceof StudioError && error.retryAfterSeconds !== undefined)
      return { retryAfterSeconds: error.retryAfterSeconds };
    throw error;
  }
  return read();
}

/** What an invitation's page says. */
export const readInvitation = (token: string): Promise<InvitationView | TooMany> =>
  opened(() => lookAtInvitation(getServices().db, token));

/** Whose password a link sets; null for one that is good no more. */
export const readReset = (token: string): Promise<{ name: string; email: string } | null | TooMany> =>
  opened(() => lookAtReset(getServices().db, token));

/** The sessions of who asks. */
export async function readSessions(): Promise<SessionView[]> {
  const who = await readWho();
  return who?.user ? listSessions(getServices().db, who.user.id, who.sessionId) : [];
}

/** People, invitations and what happened to accounts: the first page of each. Null for all but admins. */
export async function readTeam() {
  if ((await readWho())?.user?.role !== 'admin') return null;
  const { db } = getServices();
  const [people, invitations, audit] = await Promise.all([
    listMembers(db),
    listInvitations(db),
    listAudit(db.pool, { areas: teamAreas }),
  ]);
  return { people, invitations, audit };
}

export type TeamView = NonNullable<Awaited<ReturnType<typeof readTeam>>>;
