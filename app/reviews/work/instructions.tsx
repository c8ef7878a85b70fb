import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { cn } from '../../_ui/cn';
import { KeyHint } from '../_parts/key-hint';

/** What the queue's maker asks for. Open until it is folded; folded until its words change. */
export function Instructions({
  text,
  open,
  onToggle,
}: {
  text: string;
  open: boolean;
  onToggle: () => void;
}) {
  const t = useTranslations('reviewWork');
  if (text.trim() === '') return null;
  return (
    <section aria-label={t('instructions')} className="border-line bg-surface shrink-0 border-b">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="text-muted hover:text-ink flex h-8 w-full items-center gap-1.5 px-3 text-left text-[13px] font-medium sm:px-4"
      >
        <ChevronRight aria-hidden className={cn('size-4 transition-transform', open && 'rotate-90')} />
        {t('instructions')} <KeyHint value="i" />
      </button>
      {open && (
        <div
          data-scrolls
          tabIndex={0}
          role="region"
          aria-label={t('instructionsText')}
          className="max-h-[16dvh] overflow-y-auto px-3 pb-3 sm:max-h-[26dvh] sm:px-4"
        >
          <p className="max-w-prose text-sm leading-6 break-words whitespace-pre-wrap">{text}</p>
        </div>
      )}
    </section>
  );
}
