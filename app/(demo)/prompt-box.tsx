import type { KeyboardEvent, RefObject } from 'react';
import type { Language, Task } from '@/server/demo/schema';
import { cn } from '../_components/cn';
import { changeDraft, promptId, useDraft } from './draft';
import { format, promptLength } from './parameters';

const placeholders: Record<Language, Record<Task, string>> = {
  en: {
    generate: 'Describe a picture',
    edit: 'Say what should change',
    understand: 'Ask something',
  },
  zh: { generate: '描述一张图片', edit: '说说要改什么', understand: '提一个问题' },
};
const names: Record<Task, string> = { generate: 'Prompt', edit: 'Instruction', understand: 'Question' };

interface PromptBoxProps {
  boxRef: RefObject<HTMLTextAreaElement | null>;
  max: number | undefined;
  error: boolean;
  errorId: string;
}

/** Grows with its text. Enter sends; Shift+Enter is a new line; Enter that ends a Chinese word does neither. */
export function PromptBox({ boxRef, max, error, errorId }: PromptBoxProps) {
  const { task, prompt, language } = useDraft();
  const length = promptLength(prompt);
  const near = max !== undefined && length > max * 0.8;

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };

  return (
    <div className="relative min-w-0 flex-1">
      <label htmlFor={promptId} className="sr-only">
        {names[task]}
      </label>
      <textarea
        id={promptId}
        ref={boxRef}
        rows={2}
        value={prompt}
        placeholder={placeholders[language][task]}
        lang={language}
        aria-invalid={error}
        aria-describedby={error ? errorId : undefined}
        enterKeyHint="send"
        onChange={(event) => changeDraft({ prompt: event.target.value })}
        onKeyDown={onKeyDown}
        className="placeholder:text-muted block field-sizing-content max-h-40 min-h-13 w-full resize-none bg-transparent px-1 py-1.5 text-base leading-6 outline-none sm:min-h-19"
      />
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
