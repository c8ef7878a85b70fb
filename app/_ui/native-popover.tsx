'use client';

import { useCallback, useSyncExternalStore, type ComponentProps } from 'react';
import { useBackCloses } from './back-closes';

/** A panel that the browser itself opens, by `popoverTarget`, even before any script runs; Back closes it as Escape does. */
export function NativePopover({ id, ...props }: ComponentProps<'div'> & { id: string }) {
  const subscribe = useCallback(
    (listener: () => void) => {
      const box = document.getElementById(id);
      box?.addEventListener('toggle', listener);
      return () => box?.removeEventListener('toggle', listener);
    },
    [id],
  );
  const open = useSyncExternalStore(
    subscribe,
    () => document.getElementById(id)?.matches(':popover-open') ?? false,
    () => false,
  );
  useBackCloses(open, () => document.getElementById(id)?.hidePopover());
  return <div {...props} id={id} popover="auto" />;
}
