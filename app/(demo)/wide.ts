import { useSyncExternalStore } from 'react';

/** The width from which the settings stand beside the thread: Tailwind's `lg`. */
const query = '(min-width: 64rem)';

export const isWide = () => matchMedia(query).matches;

export const useIsWide = () =>
  useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    isWide,
    () => true,
  );
