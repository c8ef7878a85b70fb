import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
/** Where the device keeps nothing, the page remembers by itself. */
const own = new Map<string, string>();

function read(key: string): string | null {
  const kept = own.get(key);
  if (kept !== undefined) return kept;
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  own.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is full or forbidden.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A choice that this device remembers; null until there is one, and while the server makes the page. */
export function useRemembered(key: string): [string | null, (value: string) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  );
  return [value, useCallback((next: string) => write(key, next), [key])];
}
