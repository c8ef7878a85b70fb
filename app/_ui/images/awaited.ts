import { mostAwaited } from '../../../server/evaluation/redraw/most-awaited';
import type { Awaited, AwaitInput } from '@/server/evaluation/redraw/schema';

/**
 * What became of an image that did not load. `asking`: not known yet; `lost`: the server does not answer; `drawing`: a worker draws it again; `unserved`: it
 * will be drawn when a worker comes; `ready`: load it now; `failed`: no worker here could draw it; `none`: nobody can.
 */
export type AwaitedState = 'asking' | 'lost' | 'drawing' | 'unserved' | 'ready' | 'failed' | 'none';

export interface Want {
  hash: string;
  /** How far it lies outside of the window, in CSS pixels: 0 for one that is seen. */
  distance: () => number;
  onState: (state: AwaitedState) => void;
}

type Ask = (input: AwaitInput, signal: AbortSignal) => Promise<Awaited>;

export interface AwaitedImages {
  /** Waits for an image, until the returned function is called. */
  add(want: Want, ask: Ask): () => void;
}

/** Images come and go together when a page scrolls: one question for all of them. */
const gatherMs = 60;
/** After a question that was not answered. */
const againMs = 2000;

/**
 * The images of this page that are still to be drawn, as one question that the server holds open: the nearest to what
 * is seen first. An image that leaves the page is no longer asked for.
 */
export function createAwaitedImages(): AwaitedImages {
  const wants = new Set<Want>();
  let ask: Ask | undefined;
  let served = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: { hashes: string; controller: AbortController; hold: boolean } | undefined;
  /** Images of which the server said that they are still to be drawn. */
  const away = new Set<string>();
  const awayState = () => (served ? 'drawing' : 'unserved');

  const schedule = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(question, ms);
  };
  const tell = (hash: string, state: AwaitedState) => {
    for (const want of wants) if (want.hash === hash) want.onState(state);
  };

  function question(): void {
    const hashes = nearestFirst(wants);
    const key = [...hashes].sort().join();
    // A question that is answered at once is let go on: images that come one by one would else ask without end.
    if (current && (current.hashes === key || !current.hold)) return;
    current?.controller.abort();
    current = undefined;
    if (hashes.length === 0) return;
    const controller = new AbortController();
    // The word in the place of a new image does not wait until another one is drawn.
    const hold = hashes.every((hash) => away.has(hash));
    current = { hashes: key, controller, hold };
    void ask!({ hashes, served, hold }, controller.signal).then(
      (answer) => {
        if (controller.signal.aborted) return;
        current = undefined;
        ({ served } = answer);
        const over = new Set(answer.images.map(({ hash }) => hash));
        for (const hash of hashes) if (!over.has(hash)) away.add(hash);
        for (const { hash, state } of answer.images) {
          away.delete(hash);
          tell(hash, state);
        }
        for (const want of wants) {
          if (over.has(want.hash)) wants.delete(want);
          else if (away.has(want.hash)) want.onState(awayState());
        }
        question();
      },
      () => {
        if (controller.signal.aborted) return;
        current = undefined;
        for (const want of wants) want.onState('lost');
        schedule(againMs);
      },
    );
  }

  return {
    add(want, how) {
      ask = how;
      wants.add(want);
      if (away.has(want.hash)) want.onState(awayState());
      schedule(gatherMs);
      return () => {
        if (!wants.delete(want)) return;
        if (![...wants].some(({ hash }) => hash === want.hash)) away.delete(want.hash);
        schedule(gatherMs);
      };
    },
  };
}

function nearestFirst(wants: ReadonlySet<Want>): string[] {
  const near = new Map<string, number>();
  for (const { hash, distance } of wants) near.set(hash, Math.min(near.get(hash) ?? Infinity, distance()));
  return [...near.keys()].sort((a, b) => near.get(a)! - near.get(b)!).slice(0, mostAwaited);
}
