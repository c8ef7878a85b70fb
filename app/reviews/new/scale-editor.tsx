import { Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { Button, IconButton } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { boxStyle, describedBy, Problem } from '../../_ui/field';
import type { QueueForm } from './form';
import { useProblem } from './use-problem';

const mostScales = 8;
export const steps = ['1', '2', '3', '4', '5'] as const;

/** The scales that reviewers answer on. */
export function ScalesEditor() {
  const t = useTranslations('reviews.newQueue');
  const { control } = useFormContext<QueueForm>();
  const scales = useFieldArray({ control, name: 'rubric.scales' });
  return (
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
  );
}

/** One scale from 1 to 5: its name, and what each step means. */
function ScaleEditor({ index, onRemove }: { index: number; onRemove: () => void }) {
  const t = useTranslations('reviews.newQueue');
  const { control, register } = useFormContext<QueueForm>();
  const name = useWatch({ control, name: `rubric.scales.${index}.name` });
  const problemOf = useProblem();
  const id = `queue-scale-${index}`;
  const wrongName = problemOf(`rubric.scales.${index}.name`);
  const wrongAnchors = problemOf(`rubric.scales.${index}.anchors`);
  const title = t('scale', { number: index + 1 });
  return (
    <fieldset className="border-line min-w-0 rounded-lg border p-3">
      <legend className="sr-only">{title}</legend>
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <label htmlFor={id} className="text-[13px] leading-5 font-medium">
            {t('scaleName')}
          </label>
          <input
            id={id}
            autoComplete="off"
            aria-invalid={wrongName !== null}
            aria-describedby={describedBy(id, null, wrongName)}
            className={cn(boxStyle, 'mt-1 h-9')}
            {...register(`rubric.scales.${index}.name`)}
          />
        </div>
        <IconButton
          label={t('removeScale', { name: name || String(index + 1) })}
          className="tip-end mb-0.5"
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </IconButton>
      </div>
      <Problem id={id} text={wrongName} />
      <div role="group" aria-label={t('anchors')} className="mt-3 grid gap-1.5 sm:grid-cols-5">
        {steps.map((step, at) => (
          <label key={step} className="flex min-w-0 items-center gap-2 sm:flex-col sm:items-stretch sm:gap-1">
            <span aria-hidden className="text-muted w-3 text-[13px] tabular-nums sm:w-auto sm:text-center">
              {step}
            </span>
            <span className="sr-only">{t('anchor', { value: step })}</span>
            <input
              autoComplete="off"
              aria-invalid={wrongAnchors !== null}
              aria-describedby={describedBy(`${id}-anchors`, null, wrongAnchors)}
              className={cn(boxStyle, 'h-8 text-[13px] sm:text-center')}
              {...register(`rubric.scales.${index}.anchors.${at}`)}
            />
          </label>
        ))}
      </div>
      <Problem id={`${id}-anchors`} text={wrongAnchors} />
    </fieldset>
  );
}
