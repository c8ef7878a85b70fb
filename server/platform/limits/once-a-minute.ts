const everyMs = 60_000;
/** More are not remembered: then what comes next is new again. */
const most = 10_000;

/**
 * Whether something is to be written of a key now: at most once a minute, as far as this process knows. The statement asks the
 * row as well, since other processes write too.
 */
export function onceAMinute(): (key: string) => boolean {
  const noted = new Map<string, number>();
  return (key) => {
    const now = performance.now();
    if (now - (noted.get(key) ?? -Infinity) < everyMs) return false;
    if (noted.size > most) noted.clear();
    noted.set(key, now);
    return true;
  };
}
