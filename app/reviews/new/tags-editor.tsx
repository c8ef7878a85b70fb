import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { boxStyle, describedBy, Problem } from '../../_ui/field';
import type { QueueForm } from './form';
import { useProblem } from './use-problem';

const mostTags = 30;
const longestTag = 40;

/** The tags that reviewers can give. */
export function TagsEditor() {
  const t = useTranslations('reviews.newQueue');
  const { control } = useFormContext<QueueForm>();
  const {
    field: { ref, value: tags, onChange },
  } = useController({ control, name: 'rubric.tags' });
  const [typed, setTyped] = useState('');
  const problem = useProblem()('rubric.tags');
  const add = () => {
    const added = typed
      .split(/[,，;；\n]/)
      .map((tag) => tag.trim().slice(0, longestTag))
      .filter((tag) => tag !== '');
    if (added.length > 0) onChange([...new Set([...tags, ...added])].slice(0, mostTags));
    setTyped('');
  };
  return (
    <div>
      <label htmlFor="queue-tag" className="text-sm font-medium">
        {t('tags')}
      </label>
      {tags.length > 0 && (
        <ul aria-label={t('tags')} className="mt-2 flex flex-wrap gap-1.5">
          {tags.map((tag) => (
            <li
              key={tag}
              className="border-line bg-sunken flex h-7 max-w-full items-center gap-1 rounded-lg border pr-1 pl-2.5 text-[13px]"
            >
              <span className="truncate">{tag}</span>
              <button
                type="button"
                aria-label={t('removeTag', { name: tag })}
                onClick={() => onChange(tags.filter((one) => one !== tag))}
                className="text-muted hover:text-ink flex size-5 shrink-0 items-center justify-center rounded"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {tags.length < mostTags && (
        <div className="mt-2 flex max-w-sm gap-2">
          <input
            id="queue-tag"
            ref={ref}
            autoComplete="off"
            aria-label={t('addTag')}
            placeholder={t('addTag')}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              event.preventDefault();
              add();
            }}
            // What was typed and not added would be lost with the form.
            onBlur={add}
            aria-describedby={describedBy('queue-tag', true, problem)}
            className={cn(boxStyle, 'h-8')}
          />
          <Button size="small" onClick={add}>
            <Plus aria-hidden />
            {t('addTagButton')}
          </Button>
        </div>
      )}
      <p id="queue-tag-hint" className="text-muted mt-1 text-[13px] leading-5">
        {t('tagsHint')}
      </p>
      <Problem id="queue-tag" text={problem} />
    </div>
  );
}
