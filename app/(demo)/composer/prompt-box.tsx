import { useTranslations } from 'next-intl';
import { useLayoutEffect, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { cn } from '../../_ui/cn';
import { changeDraft, getDraft, promptId, useDraft } from '../../_request/draft';
import { format, languageOf, promptLength } from '../../_request/fields';

interface PromptBoxProps {
  boxRef: RefObject<HTMLTextAreaElement | null>;
  max: number | undefined;
  error: boolean;
  errorId: string;
  /** A button in the upper corner. */
  corner?: ReactNode;
}

/** Grows with its text. Enter sends; Shift+Enter is a new line; Enter that ends a Chinese word does neither. */
export function PromptBox({ boxRef, max, error, errorId, corner }: PromptBoxProps) {
  const t = useTranslations('demo');
  const { task, prompt, language } = useDraft();
  const length = promptLength(prompt);
  const near = max !== undefined && length > max * 0.8;
  const spoken = language === 'auto' ? languageOf(prompt) : language;

  // What was typed before the script ran stands in the box, and nowhere else yet.
  useLayoutEffect(() => {
    const typed = boxRef.current?.value;
    if (typed && typed !== getDraft().prompt) changeDraft({ prompt: typed });
  }, [boxRef]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };

  return (
    <div className="relative min-w-0 flex-1">
      <label htmlFor={promptId} className="sr-only">
        {t(`prompts.${task}`)}
      </label>
      <textarea
        id={promptId}
        ref={boxRef}
        rows={2}
        value={prompt}
        placeholder={t(`placeholders.${task}`)}
        // An empty box speaks the page's language, as its placeholder does.
        lang={prompt === '' ? undefined : spoken}
        aria-invalid={error}
        aria-describedby={error ? errorId : undefined}
        enterKeyHint="send"
        onChange={(event) => changeDraft({ prompt: event.target.value })}
        onKeyDown={onKeyDown}
        className={cn(
          'placeholder:text-muted block field-sizing-content max-h-40 min-h-13 w-full resize-none bg-transparent px-1 py-1.5 text-base leading-6 outline-none sm:min-h-19',
          corner && 'pr-9',
        )}
      />
      {corner && <div className="absolute top-0 -right-1">{corner}</div>}
      {near && (
        <p
          className={cn(
            'bg-surface absolute right-1 bottom-0 rounded px-1 text-xs tabular-nums',
            length > max ? 'text-danger' : 'text-muted',
          )}
        >
          {format(length)} / {format(max)}
        </p>
      )}
    </div>
  );
}
