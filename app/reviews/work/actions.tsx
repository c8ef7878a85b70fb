import { SkipForward, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Choice } from '@/server/reviews/questions/choice';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { KeyHint } from '../_parts/key-hint';

interface StepProps {
  onUndo: () => void;
  onSkip: () => void;
  canUndo: boolean;
  disabled: boolean;
}

/** Looks as it cannot be pressed, and is still found by those who go from button to button. */
const off = (disabled: boolean) => (disabled ? { 'aria-disabled': true } : {});

function UndoButton({
  onUndo,
  canUndo,
  className,
}: Pick<StepProps, 'onUndo' | 'canUndo'> & { className?: string }) {
  const t = useTranslations('reviewWork');
  return (
    <Button variant="ghost" className={className} onClick={onUndo} {...off(!canUndo)}>
      <Undo2 aria-hidden /> {t('undo')} <KeyHint value="u" />
    </Button>
  );
}

function SkipButton({
  onSkip,
  disabled,
  className,
}: Pick<StepProps, 'onSkip' | 'disabled'> & { className?: string }) {
  const t = useTranslations('reviewWork');
  return (
    <Button variant="ghost" className={className} onClick={onSkip} {...off(disabled)}>
      <SkipForward aria-hidden /> {t('skip')} <KeyHint value="s" />
    </Button>
  );
}

/** What ends the look at a rated item. */
export function SubmitBar({ onSubmit, ...steps }: StepProps & { onSubmit: () => void }) {
  const t = useTranslations('reviewWork');
  return (
    <div className="flex items-center gap-1">
      <UndoButton {...steps} className="px-2" />
      <SkipButton {...steps} className="px-2" />
      <Button
        variant="primary"
        className="h-11 min-w-0 flex-1"
        onClick={({ detail }) => detail < 2 && onSubmit()}
        {...off(steps.disabled)}
      >
        {t('submit')} <KeyHint value="Mod+Enter" className="opacity-90" />
      </Button>
    </div>
  );
}

const choices: readonly { choice: Choice; key: string; place: string; look: string }[] = [
  { choice: 'first', key: 'ArrowLeft', place: 'max-sm:order-1 max-sm:col-span-2', look: 'h-12' },
  { choice: 'tie', key: 'ArrowDown', place: 'max-sm:order-3', look: 'h-11 sm:h-12' },
  { choice: 'both_bad', key: 'ArrowUp', place: 'max-sm:order-4', look: 'h-11 sm:h-12' },
  { choice: 'second', key: 'ArrowRight', place: 'max-sm:order-2 max-sm:col-span-2', look: 'h-12' },
];

interface ChoiceBarProps extends StepProps {
  onChoose: (choice: Choice) => void;
  /** What a draft or an undone review says. */
  chosen: Choice | null;
}

/** Which of two is better, the first on the left. A choice is sent at once. */
export function ChoiceBar({ onChoose, chosen, ...steps }: ChoiceBarProps) {
  const t = useTranslations('reviewWork');
  return (
    <div className="mx-auto grid w-full max-w-5xl grid-cols-4 items-center gap-1.5 sm:grid-cols-[auto_1fr_1fr_1fr_1fr_auto] sm:gap-2">
      <UndoButton {...steps} className="px-2 max-sm:order-5 max-sm:col-span-2" />
      {choices.map(({ choice, key, place, look }, index) => (
        <Button
          key={choice}
          aria-pressed={chosen === choice}
          // The second press of a double click would judge the next pair.
          onClick={({ detail }) => detail < 2 && onChoose(choice)}
          className={cn(
            look,
            place,
            'border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-soft min-w-0 px-2',
            (choice === 'tie' || choice === 'both_bad') && 'max-sm:col-span-2',
          )}
          {...off(steps.disabled)}
        >
          <span className="truncate">{t(`choice.${choice}`)}</span>
          <KeyHint value={String(index === 0 ? 1 : index === 3 ? 2 : index + 2)} />
          <KeyHint value={key} className="max-md:hidden" />
        </Button>
      ))}
      <SkipButton {...steps} className="px-2 max-sm:order-6 max-sm:col-span-2" />
    </div>
  );
}
