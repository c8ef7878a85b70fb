import { problemOf } from '../../_ui/error-text';

/** Milliseconds before what could not be sent is sent again; the last one goes on. */
const waits = [1000, 2000, 4000, 8000, 15_000];
export const waitAfter = (failures: number): number => waits[Math.min(failures, waits.length - 1)] ?? 0;

interface Entry {
  id: string;
}

interface Outgoing<E extends Entry, R> {
  send: (entry: E) => Promise<R>;
  sent: (entry: E, result: R) => void;
  /**
   * The server answered and will not take it as things are.
   * @returns whether it is kept: something can be done about it, and until `resume` nothing is sent
   */
  refused: (entry: E, error: unknown) => 'keep' | 'drop';
  changed: () => void;
}

export interface Outbox<E extends Entry> {
  add: (entry: E) => void;
  /** Takes back one that was never sent; false where the server may have it. */
  takeBack: (id: string) => boolean;
  /** Sends at once what waits for the network. */
  flush: () => void;
  /** Sends again what was kept. */
  resume: () => void;
  readonly entries: readonly E[];
  /** Whether the last attempt did not reach the server. */
  readonly offline: boolean;
}

/** Whether waiting may help: no answer, an answer of a server in trouble, or one that asks to wait. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error) || !('data' in error)) return error instanceof Error;
  const { data } = error as { data?: { httpStatus?: unknown } | null };
  const status = data?.httpStatus;
  return typeof status !== 'number' || status >= 500 || status === 408 || status === 429;
}

/**
 * Sends entries one after the other, in their order: a review has to be there before it is taken back. What does not
 * arrive is sent again, ever less often; the entries carry their own ids, so that sending twice is harmless.
 */
export function createOutbox<E extends Entry, R>({
  send,
  sent,
  refused,
  changed,
}: Outgoing<E, R>): Outbox<E> {
  let entries: E[] = [];
  let inFlight: string | null = null;
  /** Sent once without an answer: the server may have it. */
  const unsure = new Set<string>();
  let failures = 0;
  let paused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function work(): Promise<void> {
    const entry = entries[0];
    if (inFlight !== null || paused || !entry) return;
    clearTimeout(timer);
    inFlight = entry.id;
    unsure.add(entry.id);
    changed();
    const outcome = await send(entry).then(
      (result) => ({ ok: true, result }) as const,
      (error: unknown) => ({ ok: false, error }) as const,
    );
    inFlight = null;
    if (!outcome.ok && isPassing(outcome.error)) {
      const wait = problemOf(outcome.error).retryAfterSeconds;
      timer = setTimeout(() => void work(), wait ? wait * 1000 : waitAfter(failures));
      failures++;
      return changed();
    }
    failures = 0;
    entries = entries.filter(({ id }) => id !== entry.id);
    unsure.delete(entry.id);
    if (outcome.ok) sent(entry, outcome.result);
    else if (refused(entry, outcome.error) === 'keep') {
      paused = true;
      entries = [entry, ...entries];
    }
    changed();
    void work();
  }

  return {
    add(entry) {
      entries = [...entries, entry];
      changed();
      // One that failed before is tried by its timer, and this one after it.
      if (failures === 0) void work();
    },
    takeBack(id) {
      if (unsure.has(id) || !entries.some((entry) => entry.id === id)) return false;
      entries = entries.filter((entry) => entry.id !== id);
      changed();
      return true;
    },
    flush: () => void work(),
    resume() {
      paused = false;
      void work();
    },
    get entries() {
      return entries;
    },
    get offline() {
      return failures > 0;
    },
  };
}
