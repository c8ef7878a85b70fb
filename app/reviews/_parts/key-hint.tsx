import { useTranslations } from 'next-intl';
import { cn } from '../../_ui/cn';
import { useBrowserValue } from '../../_ui/use-browser-value';

const named: Record<string, 'enter' | 'escape' | 'shift' | 'control'> = {
  Enter: 'enter',
  Escape: 'escape',
  Shift: 'shift',
  Mod: 'control',
};
const signs: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };

const useIsMac = () => useBrowserValue(() => /Mac|iPhone|iPad/.test(navigator.platform), false);

/** A key, or several at once, as they are printed on a keyboard. */
export function KeyCap({ value, className }: { value: string; className?: string }) {
  const t = useTranslations('common.caps');
  const mac = useIsMac();
  const parts = value.length > 1 ? value.split('+') : [value];
  const printed = (part: string) => {
    if (part === 'Mod' && mac) return '⌘';
    const name = named[part];
    return name ? t(name) : (signs[part] ?? part.toUpperCase());
  };
  return (
    <kbd
      className={cn(
        'border-line-strong/60 inline-flex h-5 min-w-5 shrink-0 items-center justify-center rounded border border-b-2 px-1 font-sans text-[11px] leading-none font-medium',
        className,
      )}
    >
      {parts.map(printed).join(' ')}
    </kbd>
  );
}

/** The key of a control, beside its words. Not shown where there is no keyboard, and not read: the list of keys is. */
export function KeyHint({ value, className }: { value: string; className?: string }) {
  return (
    <span aria-hidden className={cn('opacity-75 pointer-coarse:hidden', className)}>
      <KeyCap value={value} className="bg-transparent" />
    </span>
  );
}
