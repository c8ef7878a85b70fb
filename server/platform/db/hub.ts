import type { Listener } from './listen';
import { listen } from './listen';

/** The channel on which the numbers of new events are sent: `<generation id>:<seq>`. */
export const eventChannel = 'studio_events';

/**
 * The channel on which it is told that something of a run changed: its id. Its state (`moveRun`), or how many samples it
 * has (the triggers of sample).
 */
export const runChannel = 'studio_run';

export interface Waker {
  /**
   * Resolves at the next news since the last call, at once if there were some, and when `signal` aborts.
   * @returns what the last news said after the id; null when it ends without any, or after a break of the connection
   */
  next: (signal?: AbortSignal) => Promise<string | null>;
  close: () => void;
}

/** Tells the streams of this process that there is news of their job, or of their run. */
export interface EventHub {
  /** @param id of a generation or of a run */
  subscribe: (id: string) => Waker;
  listener: Listener;
  close: () => Promise<void>;
}

export function createHub(databaseUrl: string): EventHub {
  const byId = new Map<string, Set<(said: string | null) => void>>();
  const listener = listen(
    databaseUrl,
    [eventChannel, runChannel],
    (_channel, payload) => {
      const [id = '', said = ''] = payload.split(':');
      byId.get(id)?.forEach((wake) => wake(said));
    },
    () => byId.forEach((set) => set.forEach((wake) => wake(null))),
  );
  return {
    listener,
    close: listener.close,
    subscribe(id) {
      let news = false;
      let last: string | null = null;
      let resolve: (() => void) | undefined;
      const wake = (said: string | null) => {
        news = true;
        last = said;
        resolve?.();
      };
      const set = byId.get(id) ?? new Set();
      byId.set(id, set.add(wake));
      return {
        async next(signal) {
          if (!news && !signal?.aborted) {
            await new Promise<void>((done) => {
              const end = () => {
                signal?.removeEventListener('abort', end);
                done();
              };
              resolve = end;
              signal?.addEventListener('abort', end);
            });
          }
          const said = last;
          news = false;
          last = null;
          resolve = undefined;
          return said;
        },
        close() {
          set.delete(wake);
          if (set.size === 0 && byId.get(id) === set) byId.delete(id);
        },
      };
    },
  };
}
