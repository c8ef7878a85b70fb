import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { KeySection } from '../../_ui/key-section';
import { shortcuts, type Scope, type Shortcut } from './shortcuts';

interface KeyboardMapProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Shortcuts that do nothing on this page. */
  without: readonly Shortcut[];
}

/** The list of all shortcuts. */
export function KeyboardMap({ open, onOpenChange, without }: KeyboardMapProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <Content without={without} />
    </Dialog>
  );
}

function Content({ without }: Pick<KeyboardMapProps, 'without'>) {
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
          <KeySection
            key={scope}
            id={`keys-${scope}`}
            title={t(`scopes.${scope}`)}
            rows={Object.entries(shortcuts[scope])
              .filter(([name]) => !without.includes(name as Shortcut))
              .map(([name, keys]: [string, readonly string[]]) => ({
                name,
                label: t(`names.${name as Shortcut}`),
                caps: keys.map((value) => ({ value, cap: <Key value={value} /> })),
                between: t('or'),
              }))}
          />
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
