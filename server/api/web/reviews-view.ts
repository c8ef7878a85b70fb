import { StudioError } from '../../platform/errors/errors';
import { pageCaller } from './caller';
import { getServices } from './services';

/** What the pages of the reviews show first, as whoever asked may see it. */

/** Null where the page has to ask by itself: the database is away. */
const unless = <T>(reading: Promise<T>): Promise<T | null> =>
  reading.catch((error: unknown) => {
    getServices().log.warn({ err: error }, 'the first view was left to the page');
    return null;
  });

export const readQueues = async () => unless((await pageCaller()).reviews.queues());

/** Whom a new queue can be given to. */
export const readPeople = async () => unless((await pageCaller()).reviews.people());

/** The newest of the record. */
export const readAudit = async () => unless((await pageCaller()).reviews.audit({}));

/** @returns `missing` where there is no such queue, null where the page has to ask by itself */
export async function readQueue(id: string) {
  const caller = await pageCaller();
  return unless(
    caller.reviews.queue({ id }).catch((error: unknown) => {
      if (isMissing(error)) return 'missing' as const;
      throw error;
    }),
  );
}

/** The first items of a queue; null where there is no such queue too. */
export async function readTasks(queueId: string) {
  const caller = await pageCaller();
  return unless(
    caller.reviews.tasks({ queueId }).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    }),
  );
}

/** No queue has this id, or it is none at all. */
function isMissing(error: unknown): boolean {
  const { cause, code } = error as { cause?: unknown; code?: unknown };
  return code === 'BAD_REQUEST' || (cause instanceof StudioError ? cause.code : code) === 'NOT_FOUND';
}
