/** How long each item was on a screen that somebody could see, in milliseconds. */
export function createStopwatch(now: () => number = () => performance.now()) {
  const spent = new Map<string, number>();
  let shown: string | null = null;
  let since: number | null = null;

  function stop(): void {
    if (shown !== null && since !== null) spent.set(shown, (spent.get(shown) ?? 0) + now() - since);
    since = null;
  }
  return {
    /** Another item is on the screen, or none. */
    show(id: string | null): void {
      if (id === shown) return;
      const runs = since !== null || shown === null;
      stop();
      shown = id;
      if (runs && id !== null) since = now();
    },
    /** The page is not looked at, or is again. */
    look(visible: boolean): void {
      if (visible && since === null && shown !== null) since = now();
      if (!visible) stop();
    },
    read(id: string): number {
      const running = id === shown && since !== null ? now() - since : 0;
      return Math.round((spent.get(id) ?? 0) + running);
    },
  };
}

/** The middle of the latest durations; null before there are three, which say little. */
export function paceOf(durations: readonly number[]): number | null {
  const sorted = durations.slice(-20).sort((a, b) => a - b);
  return sorted.length < 3 ? null : (sorted[Math.floor(sorted.length / 2)] ?? null);
}
