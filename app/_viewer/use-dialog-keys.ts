import { useEffect, useEffectEvent } from 'react';

/**
 * Keys of a dialog, wherever the focus is in it. One that `take` handles, by returning true, goes no further: the
 * page has keys of its own.
 */
export function useDialogKeys(take: (event: KeyboardEvent) => boolean): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !take(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener, true);
    document.addEventListener('keyup', listener, true);
    return () => {
      document.removeEventListener('keydown', listener, true);
      document.removeEventListener('keyup', listener, true);
    };
  }, []);
}
