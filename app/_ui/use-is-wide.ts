import { useSyncExternalStore } from 'react';

/** Tailwind's `lg`, from which two columns have room beside each other. */
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
