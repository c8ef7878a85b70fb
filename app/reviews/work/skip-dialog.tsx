import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { takesKeys } from '../../_ui/keyboard';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { boxStyle } from '../../_ui/field';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { KeyCap } from '../_parts/key-hint';

/** Why an item is often skipped; the last place is for words of one's own. */
const reasons = ['unsure', 'broken', 'unclear', 'harmful', 'known'] as const;

interface SkipDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSkip: (reason: string) => void;
  /** Gets the focus when the dialog closes. */
  onClosed: () => void;
}

/** Asks why an item is skipped: a digit answers. */
export function SkipDialog({ open, onOpenChange, onSkip, onClosed }: SkipDialogProps) {
  const t = useTranslations('reviewWork.skipping');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t('title')}
        description={t('text')}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onClosed();
        }}
      >
        <Reasons onSkip={onSkip} />
      </DialogContent>
    </Dialog>
  );
}

function Reasons({ onSkip }: Pick<SkipDialogProps, 'onSkip'>) {
  const t = useTranslations('reviewWork.skipping');
  const [words, setWords] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const label = useId();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const held = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
      if (held || takesKeys(event.target as Element) || !/^[1-9]$/.test(event.key)) return;
      const n = Number(event.key);
      const reason = reasons[n - 1];
      if (n > reasons.length + 1) return;
      event.preventDefault();
      if (reason) onSkip(t(`reasons.${reason}`));
      else field.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onSkip, t]);

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (words.trim() !== '') onSkip(words.trim());
    else field.current?.focus();
  }
  return (
    <DialogBody className="space-y-1.5">
      {reasons.map((reason, index) => (
        <Button
          key={reason}
          className="h-auto min-h-10 w-full justify-start py-1.5 text-left whitespace-normal"
          onClick={() => onSkip(t(`reasons.${reason}`))}
        >
          <KeyCap value={String(index + 1)} /> {t(`reasons.${reason}`)}
        </Button>
      ))}
      <form onSubmit={onSubmit} className="pt-2">
        <label htmlFor={label} className="mb-1 flex items-center gap-2 text-sm font-medium">
          <KeyCap value={String(reasons.length + 1)} /> {t('other')}
        </label>
        <div className="flex gap-2">
          <input
            id={label}
            ref={field}
            value={words}
            maxLength={1000}
            onChange={({ target }) => setWords(target.value)}
            className={cn(boxStyle, 'h-9 flex-1 px-3')}
          />
          <Button type="submit" variant="primary" aria-disabled={words.trim() === '' || undefined}>
            {t('skip')}
          </Button>
        </div>
      </form>
    </DialogBody>
  );
}
