import { LRUCache } from 'lru-cache';

/**
 * Whether something is to be written of a key now: at most once a minute, as far as this process knows. The statement asks the
 * row as well, since other processes write too. Of more than ten thousand keys, the one noted longest ago is new again.
 */
export function onceAMinute(): (key: string) => boolean {
  const noted = new LRUCache<string, true>({ max: 10_000, ttl: 60_000 });
  return (key) => {
    if (noted.has(key)) return false;
    noted.set(key, true);
    return true;
  };
}
