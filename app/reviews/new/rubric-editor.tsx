import { useTranslations } from 'next-intl';
import type { Question } from '@/server/reviews/questions/rubric';
import { Suspense } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { Button } from '../../_ui/button';
import { questionEditors } from '../_questions/list';
import type { QuestionEditor } from '../_questions/question-view';
import type { QueueForm } from './form';
import { presetRubric, presets } from './presets';
import { useProblem } from './use-problem';

const editors: readonly QuestionEditor<Question, object>[] = questionEditors;

/** What is asked of every item: an editor for every type of question, and presets to begin with. */
export function RubricEditor() {
  const t = useTranslations('reviews.newQueue');
  const form = useFormContext<QueueForm>();
  const { control, setValue, clearErrors } = form;
  const fields = useWatch({ control, name: 'rubric' });
  const problemOf = useProblem();
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
      {editors.map(({ type, Editor }) => (
        <Suspense key={type}>
          <Editor {...{ fields, form, problemOf }} />
        </Suspense>
      ))}
    </div>
  );
}
