import type { GenerationEventView } from '@/server/demo/schema';

const firstDelay = 500;
const longestDelay = 5000;
/** A connection that stood this long was a good one, even if nothing was told through it. */
const goodAfter = 5000;
/** Two calls within this time are one: a page that comes back tells so more than once. */
const sameReturn = 1000;

/** Milliseconds to wait after so many failures in a row, from 0: 500, 1000, 2000, 4000, then 5000. */
export const retryDelay = (failures: number) => Math.min(longestDelay, firstDelay * 2 ** failures);

/** An event of a stream, and the number by which a later connection goes on after it. */
export interface NumberedEvent {
  id: string;
  data: GenerationEventView;
}

export interface ConnectionHandlers {
  onOpen: () => void;
  onEvent: (event: NumberedEvent) => void;
  /** The connection is of no use any more. `refused`: another attempt will end the same way. */
  onFailure: (refused: boolean) => void;
}

export type FollowState = 'connecting' | 'open' | 'broken' | 'paused' | 'refused';

interface FollowOptions {
  /** Opens a stream of the events after number `after`. @returns closes it. */
  connect: (after: string | undefined, handlers: ConnectionHandlers) => () => void;
  /** Calls back when the page resumes and when it pauses. @returns stops that. */
  listen: (callbacks: { resume: () => void; pause: () => void }) => () => void;
  /** Number of the last event that is known already. */
  after?: string;
  /** A page that is not looked at waits until it is. */
  visible: boolean;
  onEvent: (event: NumberedEvent) => void;
  onState: (state: FollowState) => void;
}

/**
 * Follows a stream of numbered events until its `end`. Every attempt is made here and none by the browser,
 * whose own reconnection waits as long as it likes: after a failure there is another, later each time, and
 * at once when the page resumes. Each goes on after the last event taken, so none is lost and none comes twice.
 * @returns stops following.
 */
export function follow(options: FollowOptions): () => void {
  const { connect, onEvent, onState } = options;
  let last = options.after;
  let failures = 0;
  let attempt = 0;
  let begun = 0;
  let state: FollowState = 'paused';
  let close: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const set = (next: FollowState) => onState((state = next));
  const leave = () => {
    // What a closed connection still says belongs to an attempt that is over.
    attempt++;
    clearTimeout(timer);
    close?.();
    close = undefined;
  };
  const stop = () => {
    ended = true;
    leave();
    unlisten();
  };
  const start = () => {
    leave();
    const mine = attempt;
    const current = () => !ended && mine === attempt;
    begun = Date.now();
    set('connecting');
    close = connect(last, {
      onOpen: () => {
        if (current()) set('open');
      },
      onEvent: (event) => {
        if (!current()) return;
        last = event.id;
        failures = 0;
        if (event.data.type === 'end') stop();
        onEvent(event);
      },
      onFailure: (refused) => {
        if (!current()) return;
        if (state === 'open' && Date.now() - begun >= goodAfter) failures = 0;
        if (refused) {
          stop();
          return set('refused');
        }
        leave();
        set('broken');
        timer = setTimeout(start, retryDelay(failures++));
      },
    });
  };
  const unlisten = options.listen({
    resume: () => {
      if (ended || (state === 'connecting' && Date.now() - begun < sameReturn)) return;
      failures = 0;
      start();
    },
    pause: () => {
      if (ended) return;
      leave();
      set('paused');
    },
  });
  if (options.visible) start();
  return stop;
}
