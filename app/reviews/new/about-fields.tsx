import { useTranslations } from 'next-intl';
import { useFormContext } from 'react-hook-form';
import { cn } from '../../_ui/cn';
import { boxStyle, describedBy, Field } from '../_parts/field';
import type { QueueForm } from './form';
import { useProblem } from './use-problem';

/** What the queue is called, and what its reviewers are told. */
export function AboutFields() {
  const t = useTranslations('reviews.newQueue');
  const { register } = useFormContext<QueueForm>();
  const problemOf = useProblem();
  const [name, instructions] = [problemOf('name'), problemOf('instructions')];
  return (
    <div className="flex flex-col gap-4">
      <Field id="queue-name" label={t('name')} problem={name}>
        <input
          id="queue-name"
          autoComplete="off"
          placeholder={t('namePlaceholder')}
          aria-invalid={name !== null}
          aria-describedby={describedBy('queue-name', null, name)}
          className={cn(boxStyle, 'h-9')}
          {...register('name')}
        />
      </Field>
      <Field
        id="queue-instructions"
        label={t('instructions')}
        hint={t('instructionsHint')}
        problem={instructions}
      >
        <textarea
          id="queue-instructions"
          rows={4}
          aria-invalid={instructions !== null}
          aria-describedby={describedBy('queue-instructions', true, instructions)}
          className={cn(boxStyle, 'block min-h-20 resize-y py-2 leading-6')}
          {...register('instructions')}
        />
      </Field>
    </div>
  );
}
