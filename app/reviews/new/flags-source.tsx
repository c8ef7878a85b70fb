import { useTranslations } from 'next-intl';
import { useController, useFormContext } from 'react-hook-form';
import { flagReasonSchema } from '@/server/sharing/schema';
import type { QueueForm } from './form';
import { ToggleList } from './toggle-list';

/** Reported results of the demo, by the reasons that were given. */
export function FlagsSource() {
  const t = useTranslations('reviews.newQueue');
  const { control } = useFormContext<QueueForm>();
  const { field } = useController({ control, name: 'flags.reasons' });
  return (
    <ToggleList
      legend={t('reasons')}
      hint={t('allReasons')}
      options={flagReasonSchema.options.map((value) => ({ value, label: t(`reasonNames.${value}`) }))}
      value={field.value}
      onChange={field.onChange}
    />
  );
}
