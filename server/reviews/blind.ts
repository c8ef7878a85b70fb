import { atLeast, type Me } from '../accounts/schema';
import type { Queue } from './queue';
import type { TaskRow } from './schema';

/** Who may know whose outputs are judged. Everything that tells of them asks here, so that no page has to hide them. */

type Blind = Pick<Queue, 'blind' | 'state' | 'undecided'>;

/** Whether somebody may still review or decide in a blind queue: what they learn of one item they would see in others. */
export const mayStillJudge = (user: Pick<Me, 'role'>, { blind, state, undecided }: Blind): boolean =>
  blind && state === 'open' && undecided && atLeast(user.role, 'reviewer');

/**
 * Whether the models, runs and samples of an item are hidden from somebody: in a blind queue until the item is decided,
 * by its reviews or by an adjudication, and from those who may still judge until every item is.
 */
export const hidesModels = (
  user: Pick<Me, 'role'>,
  queue: Blind,
  state: Exclude<TaskRow['state'], 'skipped'>,
): boolean => queue.blind && (state === 'open' || state === 'adjudicate' || mayStillJudge(user, queue));
