import { StudioError } from '../../platform/errors/errors';
import type { QueueDetail } from '../../reviews/schema';
import { pageCaller } from './caller';

/** @returns null where there is no such queue. @throws where it cannot be read just now */
export async function readWorkQueue(id: string): Promise<QueueDetail | null> {
  const caller = await pageCaller();
  try {
    return await caller.reviews.queue({ id });
  } catch (error) {
    const { cause, code } = error as { cause?: unknown; code?: unknown };
    const known = cause instanceof StudioError ? cause.code : code;
    if (known === 'NOT_FOUND' || known === 'BAD_REQUEST') return null;
    throw error;
  }
}
