import { atLeast, type Me } from '../../../server/accounts/schema';
import type { QueueDetail, TaskRow } from '@/server/reviews/schema';
import { hasReviewed, voicesOf } from './reviewer-history';
import { mayChange } from './may-change';

/** How an item that waits for somebody gets on, and what of it one person can do. */
export interface Exits {
  /** `asReviewer`: an admin who reviewed it too, which the record shows. */
  decide: 'may' | 'asReviewer' | null;
  /** One's own review, after reading the others'. */
  discuss: boolean;
  /** Why this person cannot decide: what has to happen instead. */
  why: 'closed' | 'role' | 'own' | 'lead' | null;
}

/** @returns null for an item that waits for nobody */
export function exitsOf(row: TaskRow, queue: Pick<QueueDetail, 'state' | 'mine'>, me: Me): Exits | null {
  const none = { decide: null, discuss: false, why: null };
  if (row.state !== 'adjudicate' && row.state !== 'skipped') return null;
  if (queue.state === 'closed') return { ...none, why: 'closed' };
  if (!atLeast(me.role, 'reviewer')) return { ...none, why: 'role' };
  if (row.state === 'skipped' && !mayChange(me, queue)) return { ...none, why: 'lead' };
  const own = hasReviewed(row, me.id);
  const discuss =
    row.state === 'adjudicate' &&
    voicesOf(row.reviews).some(({ reviewer, current }) => reviewer.id === me.id && current !== null);
  if (own && me.role !== 'admin') return { ...none, discuss, why: 'own' };
  return { decide: own ? 'asReviewer' : 'may', discuss, why: null };
}
