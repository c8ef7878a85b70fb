import { useTranslations } from 'next-intl';
import { useFormContext } from 'react-hook-form';
import { Button } from '../../_ui/button';
import { questionEditors } from '../_questions/list';
import type { QueueForm } from './form';
import { presetRubric, presets } from './presets';

/** What is asked of every item: an editor for every type of question, and presets to begin with. */
export function RubricEditor() {
  const t = useTranslations('reviews.newQueue');
  const { setValue, clearErrors } = useFormContext<QueueForm>();
  return (
    <div className="flex flex-col gap-5">
      <div role="group" aria-label={t('presets')} className="flex flex-wrap items-center gap-1.5">
        <span aria-hidden className="text-muted mr-1 text-[13px]">
          {t('presets')}
        </span>
        {presets.map((preset) => (
          <Button
            key={preset}
            size="small"
            onClick={() => {
              setValue('rubric', presetRubric(preset, t), { shouldDirty: true });
              clearErrors('rubric');
            }}
          >
            {t(`presetNames.${preset}`)}
          </Button>
        ))}
      </div>
      {questionEditors.map(({ type, Editor }) => (
        <Editor key={type} />
      ))}
    </div>
  );
}
