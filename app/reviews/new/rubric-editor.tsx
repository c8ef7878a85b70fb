import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useController, useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { Button } from '../../_ui/button';
import { Segmented } from '../../_ui/segmented';
import { describedBy, Problem, TextField } from '../../_ui/field';
import type { QueueForm } from './form';
import { presetRubric, presets, steps } from './presets';
import { ScaleEditor } from './scale-editor';
import { TagsEditor } from './tags-editor';
import { useProblem } from './use-problem';

const mostScales = 8;

/** What is asked of every item: pass or fail, scales, tags, a comment. */
export function RubricEditor() {
  const t = useTranslations('reviews.newQueue');
  const { control, register, setValue, clearErrors } = useFormContext<QueueForm>();
  const problemOf = useProblem();
  const ask = useWatch({ control, name: 'rubric.askVerdict' });
  const scales = useFieldArray({ control, name: 'rubric.scales' });
  const { field: comment } = useController({ control, name: 'rubric.comment' });
  const [none, question] = [problemOf('rubric.askVerdict'), problemOf('rubric.question')];
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
      <div>
        <label className="flex items-center gap-2 text-sm font-medium">
          <input
            type="checkbox"
            aria-invalid={none !== null}
            aria-describedby={describedBy('queue-ask', null, none)}
            className="accent-accent size-4"
            {...register('rubric.askVerdict')}
          />
          {t('askVerdict')}
        </label>
        <Problem id="queue-ask" text={none} />
        {ask && (
          <TextField
            id="queue-question"
            label={t('verdictQuestion')}
            problem={question}
            autoComplete="off"
            placeholder={t('verdictPlaceholder')}
            className="mt-2 sm:ml-6"
            {...register('rubric.question')}
          />
        )}
      </div>
      <div>
        <p className="text-sm font-medium">{t('scales')}</p>
        {scales.fields.length > 0 && (
          <ul className="mt-2 flex flex-col gap-3">
            {scales.fields.map(({ id }, index) => (
              <li key={id}>
                <ScaleEditor index={index} onRemove={() => scales.remove(index)} />
              </li>
            ))}
          </ul>
        )}
        {scales.fields.length < mostScales && (
          <Button
            size="small"
            className="mt-2"
            onClick={() =>
              scales.append(
                { name: '', anchors: steps.map((step) => t(`presetWords.qualityAnchors.${step}`)) },
                { focusName: `rubric.scales.${scales.fields.length}.name` },
              )
            }
          >
            <Plus aria-hidden />
            {t('addScale')}
          </Button>
        )}
      </div>
      <TagsEditor />
      <div>
        <p aria-hidden className="text-sm font-medium">
          {t('comments')}
        </p>
        <Segmented
          legend={t('comments')}
          name="queue-comment"
          className="mt-1.5"
          value={comment.value}
          options={(['none', 'optional', 'required'] as const).map((value) => ({
            value,
            label: t(`commentKinds.${value}`),
          }))}
          onChange={comment.onChange}
        />
      </div>
    </div>
  );
}
