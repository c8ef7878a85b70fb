import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useController, useFormContext } from 'react-hook-form';
import { useTRPC } from '../../_trpc/client';
import { ChoiceFields } from './choice-fields';
import type { QueueForm } from './form';
import { RunField } from './run-field';
import { ToggleList } from './toggle-list';
import { useSuggestedName } from './use-suggested-name';

/** Two runs of the same benchmark, whose outputs stand side by side. */
export function PairSource() {
  const t = useTranslations('reviews.newQueue');
  const trpc = useTRPC();
  const { control } = useFormContext<QueueForm>();
  const { field: firstId } = useController({ control, name: 'pair.firstRunId' });
  const { field: secondId } = useController({ control, name: 'pair.secondRunId' });
  const { field: groups } = useController({ control, name: 'pair.groups' });
  const first = useQuery(
    trpc.runs.get.queryOptions({ id: firstId.value ?? '' }, { enabled: firstId.value !== null }),
  );
  const second = useQuery(
    trpc.runs.get.queryOptions({ id: secondId.value ?? '' }, { enabled: secondId.value !== null }),
  );
  const known = first.data?.groups ?? groups.value;
  // Reviewers see the name of the queue: the models are not in it.
  useSuggestedName(
    first.data && second.data && t('nameSuggestions.blind', { benchmark: first.data.benchmark.title }),
  );
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <RunField field="pair.firstRunId" label={t('first')} />
        <RunField
          field="pair.secondRunId"
          label={t('second')}
          benchmark={first.data?.benchmark.name}
          without={firstId.value}
          hint={t('sameBenchmark')}
        />
      </div>
      {known.length > 0 && (
        <ToggleList
          legend={t('groups')}
          options={known.map((value) => ({ value, label: value }))}
          value={groups.value}
          onChange={groups.onChange}
        />
      )}
      <ChoiceFields of="pair" />
    </>
  );
}
