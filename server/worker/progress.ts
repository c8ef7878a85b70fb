import { encodeWebp } from '../../models/runtime/image/encode';
import type { InferenceEvent } from '../../models/runtime/types';
import type { BlobStore } from '../platform/blobs/store';
import { storePicture, type Picture } from '../platform/blobs/pictures';
import type { Db } from '../platform/db/client';
import { appendEvents, type StoredEvent } from '../demo/jobs/store';
import { untilReached } from '../inference/queue/retry';

/** Writes the events of one running job: at once when idle, else what has gathered while the last write went on. */
export interface ProgressWriter {
  add: (event: InferenceEvent) => void;
  addStored: (event: StoredEvent) => void;
  /** Drops what has not been written, for a run that starts anew. */
  restart: () => void;
  /** Resolves when all is written. Rejects with what went wrong, e.g. a full disk. */
  flushed: () => Promise<void>;
  lastPreview: () => Picture | null;
}

/** @param onLost is called once when the job turns out to be another worker's now, or cannot be written. */
export function progressWriter(
  deps: { db: Db; blobs: BlobStore },
  job: { id: string; workerId: string },
  options: { signal: AbortSignal; onLost: (error?: unknown) => void },
): ProgressWriter {
  let queue: (StoredEvent | InferenceEvent)[] = [];
  let writing: Promise<void> | undefined;
  let failure: Error | undefined;
  let preview: Picture | null = null;

  async function toStored(event: StoredEvent | InferenceEvent): Promise<StoredEvent> {
    if (event.type !== 'preview' || !('image' in event)) return event as StoredEvent;
    const { image, step } = event;
    const bytes = await encodeWebp(image, 90);
    const picture = await untilReached(
      () => storePicture(deps, bytes, { mediaType: 'image/webp', width: image.width, height: image.height }),
      options.signal,
    );
    preview = picture;
    return { type: 'preview', step, picture };
  }

  async function write() {
    // One turn of the loop, so that what comes together is written together.
    await new Promise(setImmediate);
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      const events: StoredEvent[] = [];
      for (const event of batch) events.push(await toStored(event));
      const held = await untilReached(() => appendEvents(deps.db.pool, job, events), options.signal);
      if (!held) throw new Error('another worker holds this job now');
    }
  }

  const kick = () => {
    if (writing || failure) return;
    writing = write()
      .catch((error: unknown) => {
        failure = error as Error;
        queue = [];
        options.onLost(error);
      })
      .finally(() => {
        writing = undefined;
        if (queue.length > 0) kick();
      });
  };
  const push = (event: StoredEvent | InferenceEvent) => {
    if (failure) return;
    queue.push(event);
    kick();
  };
  return {
    add: push,
    addStored: push,
    restart: () => (queue = []),
    async flushed() {
      while (writing) await writing;
      if (failure) throw failure;
    },
    lastPreview: () => preview,
  };
}
