import { useEffect, useEffectEvent } from 'react';
import { isOverlayOpen, takesKeys } from '../../_ui/keyboard';
import { actionOf, type Action } from './keys';

/**
 * The keys of the page, wherever the focus is; they rest while somebody types and while a dialog is open.
 * @param run does what a key means; false where it means nothing just now, so that the browser has the key
 */
export function useWorkKeys(kind: 'rate' | 'pair', run: (action: Action) => boolean): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target as Element;
    if (event.defaultPrevented || isOverlayOpen()) return;
    const action = actionOf(event, { kind, typing: takesKeys(target) });
    // A text that is longer than its box is scrolled by the arrows while it has the focus.
    const scrolls = event.key.startsWith('Arrow') && target.closest('[data-scrolls]');
    if (!action || scrolls || !run(action)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    // Before the pictures and the radio buttons, whose arrows mean something else here.
    document.addEventListener('keydown', listener, true);
    return () => document.removeEventListener('keydown', listener, true);
  }, []);
}
