import { useTranslations } from 'next-intl';
import { useFormContext } from 'react-hook-form';
import { TextAreaField, TextField } from '../../_ui/field';
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
      <TextField
        id="queue-name"
        label={t('name')}
        problem={name}
        autoComplete="off"
        placeholder={t('namePlaceholder')}
        {...register('name')}
      />
      <TextAreaField
        id="queue-instructions"
        label={t('instructions')}
        hint={t('instructionsHint')}
        problem={instructions}
        rows={4}
        className="min-h-20 py-2 leading-6"
        {...register('instructions')}
      />
    </div>
  );
}
