import { useTranslations } from 'next-intl';
import type { ModelInfo } from '@/server/demo/schema';
import { cn } from '../../_ui/cn';
import { boxStyle, describedBy, Problem } from '../../_ui/field';
import { changeDraft, useDraft } from '../../_request/draft';
import { promptLength, textOf, type ParameterKey } from '../../_request/fields';
import { fieldId } from './number-field';
import { useProblemText } from '../composer/use-problem-text';

/** What the picture should not show; where guidance makes it count nothing, the hint says so. */
export function NegativePrompt({ model, guidance }: { model: ModelInfo; guidance: ParameterKey }) {
  const t = useTranslations('demo');
  const draft = useDraft();
  const wrong = useProblemText(model);
  const id = fieldId('negativePrompt');
  const long = promptLength(draft.negativePrompt) > model.parameters.promptLength.max;
  const strength = textOf(draft, guidance, model);
  // Guidance of 1 is none: the prompt alone is followed, and there is nothing to hold against it.
  const idle = !(Number(strength) > 1);
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-[13px] font-medium">
        {t('negativePrompt')}
      </label>
      <textarea
        id={id}
        rows={2}
        value={draft.negativePrompt}
        placeholder={t('negativePlaceholder')}
        aria-invalid={long}
        aria-describedby={describedBy(id, true, long)}
        onChange={(event) => changeDraft({ negativePrompt: event.target.value })}
        className={cn(
          boxStyle,
          'block field-sizing-content max-h-32 min-h-14 resize-none py-1.5 leading-5 tabular-nums',
        )}
      />
      <p
        id={`${id}-hint`}
        className={cn('mt-1 text-xs leading-4', idle && draft.negativePrompt ? 'text-ink' : 'text-muted')}
      >
        {idle ? t('hints.negativeIdle', { guidance: strength }) : t('hints.negative')}
      </p>
      <Problem id={id} text={long ? wrong.text('prompt_long', draft.negativePrompt) : null} size="small" />
    </div>
  );
}
