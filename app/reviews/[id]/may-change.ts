import { atLeast, type Me } from '../../../server/accounts/schema';

/** Whether somebody can close and edit a queue: whoever made it, while they are a reviewer, and admins. */
export const mayChange = (me: Me | null, queue: { mine: boolean }): boolean =>
  me !== null && (me.role === 'admin' || (queue.mine && atLeast(me.role, 'reviewer')));
