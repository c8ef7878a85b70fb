import { useSyncExternalStore } from 'react';

const neverChanges = () => () => undefined;

/**
 * A value that only the browser knows, such as its time zone. The server and the first render in the browser use
 * `onServer`, so that both produce the same page.
 * @param read returns an equal value whenever it is called
 */
export const useBrowserValue = <Value>(read: () => Value, onServer: Value): Value =>
  useSyncExternalStore(neverChanges, read, () => onServer);
