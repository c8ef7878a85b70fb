import { Keyboard } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Fragment, useEffect, useRef, useSyncExternalStore } from 'react';
import { IconButton } from '../_components/button';
import { Dialog, DialogBody, DialogContent } from '../_components/dialog';
import { changeDraft, focusPrompt } from './draft';
import { shortcutOf, shortcuts, somethingOpen, takesKeys, type Scope, type Shortcut } from './keyboard';

let open = false;
const listeners = new Set<() => void>();
const setOpen = (next: boolean) => {
  open = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

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
  const shown = useSyncExternalStore(
    subscribe,
    () => open,
    () => false,
  );
  useEffect(() => {
    const actions: Record<Shortcut<'page'>, () => void> = {
      focusPrompt,
      newest: onNewest,
      taskGenerate: () => changeDraft({ task: 'generate' }),
      taskEdit: () => changeDraft({ task: 'edit' }),
      taskAsk: () => changeDraft({ task: 'understand' }),
      map: openKeyboardMap,
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || takesKeys(event.target as Element) || somethingOpen()) return;
      const name = shortcutOf('page', event);
      if (!name) return;
      event.preventDefault();
      actions[name]();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [onNewest]);
  return (
    <Dialog open={shown} onOpenChange={setOpen}>
      <Map without={without} />
    </Dialog>
  );
}

function Map({ without }: { without: readonly Shortcut[] }) {
  const t = useTranslations('keyboard');
  const opener = useRef<Element>(null);
  return (
    <DialogContent
      title={t('title')}
      description={t('hint')}
      className="sm:max-w-3xl"
      onOpenAutoFocus={() => (opener.current = document.activeElement)}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        if (opener.current instanceof HTMLElement) opener.current.focus();
      }}
    >
      <DialogBody tabIndex={0} className="gap-10 sm:columns-2">
        {(Object.keys(shortcuts) as Scope[]).map((scope) => (
          <section key={scope} aria-labelledby={`keys-${scope}`} className="mb-5 break-inside-avoid">
            <h3 id={`keys-${scope}`} className="text-muted mb-1.5 text-xs font-medium">
              {t(`scopes.${scope}`)}
            </h3>
            <dl className="text-sm">
              {Object.entries(shortcuts[scope])
                .filter(([name]) => !without.includes(name as Shortcut))
                .map(([name, keys]) => (
                  <div
                    key={name}
                    className="border-line flex items-center justify-between gap-4 border-b py-1 last:border-0"
                  >
                    <dt>{t(`names.${name as Shortcut}`)}</dt>
                    <dd className="flex shrink-0 items-center gap-1">
                      {(keys as readonly string[]).map((key, index) => (
                        <Fragment key={key}>
                          {index > 0 && <span className="text-muted px-0.5 text-xs">{t('or')}</span>}
                          <Key value={key} />
                        </Fragment>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </DialogBody>
    </DialogContent>
  );
}

const named: Record<string, 'space' | 'enter' | 'escape' | 'delete' | 'home' | 'end' | 'shift'> = {
  ' ': 'space',
  Enter: 'enter',
  Escape: 'escape',
  Delete: 'delete',
  Home: 'home',
  End: 'end',
  Shift: 'shift',
};
const arrows: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };

/** A key as it is printed on a keyboard. */
function Key({ value }: { value: string }) {
  const t = useTranslations('keyboard.keys');
  const parts = value.length > 1 ? value.split('+') : [value];
  return parts.map((part) => {
    const name = named[part];
    return (
      <kbd
        key={part}
        className="border-line-strong/60 bg-surface min-w-6 rounded-md border border-b-2 px-1.5 py-0.5 text-center font-sans text-xs leading-4"
      >
        {name ? t(name) : (arrows[part] ?? part.toUpperCase())}
      </kbd>
    );
  });
}
