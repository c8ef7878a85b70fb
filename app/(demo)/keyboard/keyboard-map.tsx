import { Keyboard } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useLayoutEffect } from 'react';
import { create } from 'zustand';
import { IconButton } from '../../_ui/button';
import { useOnceOpen } from '../../_ui/use-once-open';
import { changeDraft, focusPrompt } from '../../_request/draft';
import { isOverlayOpen, takesKeys } from '../../_ui/keyboard';
import { shortcutOf, type Shortcut } from './shortcuts';
import { KeyboardMap } from '../lazy';

const useOpen = create<boolean>(() => false);
const setOpen = (open: boolean) => useOpen.setState(open);

/** Shows the list of shortcuts; `<Keys>` must be on the page. */
export const openKeyboardMap = () => setOpen(true);

/** A button that shows the list of shortcuts. */
export function KeyboardButton({ className }: { className?: string }) {
  const t = useTranslations('keyboard');
  return (
    <IconButton label={t('open')} className={className} onClick={openKeyboardMap}>
      <Keyboard aria-hidden />
    </IconButton>
  );
}

interface KeysProps {
  onNewest: () => void;
  /** Shortcuts that do nothing on this page. */
  without: readonly Shortcut[];
}

/** The shortcuts that work anywhere on the page, and the list of all. They rest while somebody types. */
export function Keys({ onNewest, without }: KeysProps) {
  const shown = useOpen();
  // As soon as React answers for the page: keys that are pressed before are kept until then.
  useLayoutEffect(() => {
    const actions: Record<Shortcut<'page'>, () => void> = {
      focusPrompt,
      newest: onNewest,
      taskGenerate: () => changeDraft({ task: 'generate' }),
      taskEdit: () => changeDraft({ task: 'edit' }),
      taskAsk: () => changeDraft({ task: 'understand' }),
      map: openKeyboardMap,
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || takesKeys(event.target as Element) || isOverlayOpen()) return;
      const name = shortcutOf('page', event);
      if (!name) return;
      event.preventDefault();
      actions[name]();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [onNewest]);
  const wanted = useOnceOpen(shown);
  return wanted && <KeyboardMap open={shown} onOpenChange={setOpen} without={without} />;
}
