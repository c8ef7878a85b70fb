import { headers } from 'next/headers';
import { lookAtInvitation } from '../../accounts/invitations';
import { lookAtReset } from '../../accounts/join';
import type { InvitationView } from '../../accounts/schema';
import { StudioError } from '../../platform/errors/errors';
import { addressOf } from '../../accounts/visitor';
import { getServices } from './services';

/** What the pages of links about accounts say: read once, with a limit on how many are tried. */

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
