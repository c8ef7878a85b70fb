const firstDelayMs = 100;
const longestDelayMs = 10_000;
/** After so long a life what was started has proved itself, and the delays begin anew. */
const settledMs = 10_000;

/**
 * How long to wait before what ended is started again: longer each time, for ever, up to ten seconds.
 * @returns milliseconds, from how many of them the one that ended lived
 */
export function createBackoff(): (livedMs: number) => number {
  let delay = firstDelayMs;
  return (livedMs) => {
    if (livedMs > settledMs) delay = firstDelayMs;
    const now = delay;
    delay = Math.min(delay * 2, longestDelayMs);
    return now;
  };
}
