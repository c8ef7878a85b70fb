import { setTimeout as wait } from 'node:timers/promises';
import { isConnectionError } from '../../platform/errors/errors';
import type { EventHub } from '../../platform/db/hub';
import type { GenerationEventView } from '../schema';
import type { DemoDeps } from './service';
import { notFound } from './service';
import { eventsAtOnce, hasEnded, readEvents } from './store';
import { generationView, readRow } from './view';

/**
 * The events of a job from number `after` on, then new ones as they come, up to and including `end`.
 * Reads the tables and uses notifications only as a bell, so nothing is lost between two connections. Leaving
 * the loop changes nothing about the job.
 * @throws StudioError NOT_FOUND when the job is not this visitor's.
 */
export async function* streamEvents(
  { db, hub }: DemoDeps & { hub: EventHub },
  visitorId: string,
  { id, after, signal }: { id: string; after: number; signal?: AbortSignal },
): AsyncGenerator<{ seq: number; event: GenerationEventView }> {
  const bell = hub.subscribe(id);
  try {
    let last = after;
    // A job that was this visitor's goes on being followed when it moves to the account that the visitor signs in to.
    let theirs: string | null = visitorId;
    while (!signal?.aborted) {
      try {
        const read = await readEvents(db.pool, { id, visitorId: theirs, after: last });
        if (!read) throw notFound();
        theirs = null;
        const { events, state } = read;
        for (const { seq, data, row } of events) {
          if (data.type === 'end') {
            if (!row) throw notFound();
            yield { seq, event: { type: 'end', generation: generationView(row) } };
            return;
          }
          yield { seq, event: data };
          last = seq;
        }
        if (events.length === eventsAtOnce) continue;
        if (hasEnded(state)) {
          // Its end was seen already, or pruned.
          const row = await readRow(db.pool, { id, visitorId: theirs });
          if (!row) throw notFound();
          yield { seq: last + 1, event: { type: 'end', generation: generationView(row) } };
          return;
        }
        await bell.next(signal);
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        await wait(500, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    bell.close();
  }
}
