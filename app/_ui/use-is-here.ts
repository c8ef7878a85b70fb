import { useSyncExternalStore } from 'react';

const noNews = () => () => undefined;

/**
 * Whether the page listens: false in what the server renders and until the script has taken it over. Before that the
 * browser would send a form by itself.
 */
export const useIsHere = (): boolean =>
  useSyncExternalStore(
    noNews,
    () => true,
    () => false,
  );
