import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { useTRPC } from '../../_trpc/client';
import { PeoplePicker } from '../_parts/people-picker';
import type { QueueForm } from './form';
import { NumberBox } from './number-box';

/** Who reviews, how often each item, and whether they see the names of models. */
export function PeopleFields() {
  const t = useTranslations('reviews.newQueue');
  const trpc = useTRPC();
  const { data: people = [] } = useQuery(trpc.reviews.people.queryOptions());
  const { control, register } = useFormContext<QueueForm>();
  const from = useWatch({ control, name: 'from' });
  const { field: assignees } = useController({ control, name: 'assignees' });
  return (
    <div className="flex flex-col gap-4">
      <NumberBox name="reviewsPerItem" label={t('perItem')} hint={t('perItemHint')} min={1} max={20} />
      {from === 'pair' ? (
        <p className="text-muted text-[13px] leading-5">{t('blindPair')}</p>
      ) : (
        <div>
          <label className="flex items-center gap-2 text-sm font-medium">
            <input
              type="checkbox"
              aria-describedby="queue-blind-hint"
              className="accent-accent size-4"
              {...register('blind')}
            />
            {t('blind')}
          </label>
          <p id="queue-blind-hint" className="text-muted mt-0.5 text-[13px] leading-5 sm:ml-6">
            {t('blindHint')}
          </p>
        </div>
      )}
      <PeoplePicker people={people} value={assignees.value} onChange={assignees.onChange} />
    </div>
  );
}
