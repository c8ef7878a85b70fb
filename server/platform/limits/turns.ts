import { StudioError } from '../errors/errors';

/** Work of which little is done at once. Of those who wait, everybody is served once before anybody is served again. */
export interface Turns {
  /**
   * Runs work when it is its turn.
   * @param whose the address or the visitor: all that is of one of them stands in one line
   * @throws StudioError with the reason `busy` when too much waits; whatever the work throws
   */
  take<T>(whose: string, work: () => Promise<T>): Promise<T>;
}

export interface TurnsOptions {
  atOnce?: number;
  /** How much may wait: of one, and of all together. */
  mostOfOne: number;
  most: number;
  /** What is told to whom it is too much. */
  busy: { reason: string; message: string; retryAfterSeconds: number };
}

export function createTurns({ atOnce = 1, mostOfOne, most, busy }: TurnsOptions): Turns {
  /** The lines, in the order of their turns. */
  const lines = new Map<string, (() => void)[]>();
  let waiting = 0;
  let running = 0;

  function next(): void {
    const first = lines.entries().next().value;
    if (!first || running >= atOnce) return;
    const [whose, line] = first;
    const begin = line.shift();
    lines.delete(whose);
    if (line.length > 0) lines.set(whose, line);
    waiting--;
    running++;
    begin?.();
  }

  return {
    async take(whose, work) {
      const line = lines.get(whose) ?? [];
      if (running >= atOnce && (line.length >= mostOfOne || waiting >= most)) {
        const { reason, message, retryAfterSeconds } = busy;
        throw new StudioError('TOO_MANY', message, { reason, retryAfterSeconds });
      }
      await new Promise<void>((resolve) => {
        line.push(resolve);
        lines.set(whose, line);
        waiting++;
        next();
      });
      try {
        return await work();
      } finally {
        running--;
        next();
      }
    },
  };
}

/** What the web server does in turns. */
export interface SiteTurns {
  /** Decoding of pictures that were sent: one of 40 megapixels takes 120 MB while that lasts. */
  pictures: Turns;
  /** Unpacking of files of conversations: 100 MB, and as much again. */
  imports: Turns;
}

export const siteTurns = (): SiteTurns => ({
  pictures: createTurns({
    ...{ mostOfOne: 100, most: 1000 },
    busy: {
      reason: 'PICTURES_BUSY',
      message: 'Too many images are being uploaded at the moment. Try again in a few seconds.',
      retryAfterSeconds: 5,
    },
  }),
  imports: createTurns({
    ...{ mostOfOne: 2, most: 4 },
    busy: {
      reason: 'IMPORT_BUSY',
      message: 'Other imports are in progress. Try again in a minute.',
      retryAfterSeconds: 60,
    },
  }),
});
