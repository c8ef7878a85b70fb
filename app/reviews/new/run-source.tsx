import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { Button } from '../../_ui/button';
import { Segmented } from '../../_ui/segmented';
import { Select } from '../../_ui/select';
import { useTRPC } from '../../_trpc/client';
import { ChoiceFields } from './choice-fields';
import type { QueueForm } from './form';
import { RunField } from './run-field';
import { ToggleList } from './toggle-list';
import { useSuggestedName } from './use-suggested-name';

const states = ['any', 'scored', 'failed', 'unscored'] as const;

/** Samples of one run: which of them, and how many. */
export function RunSource() {
  const t = useTranslations('reviews.newQueue');
  const trpc = useTRPC();
  const { control } = useFormContext<QueueForm>();
  const { field: runId } = useController({ control, name: 'run.runId' });
  const { field: filter } = useController({ control, name: 'run.filter' });
  const run = useQuery(
    trpc.runs.get.queryOptions({ id: runId.value ?? '' }, { enabled: runId.value !== null }),
  );
  const { verdict, state, groups = [], query, reason, metric, min, max } = filter.value;
  const change = (part: Partial<QueueForm['run']['filter']>) => filter.onChange({ ...filter.value, ...part });
  const blind = useWatch({ control, name: 'blind' });
  const known = run.data?.groups ?? groups;
  const further = [
    query && t('filters.query', { value: query }),
    reason && t('filters.reason', { value: reason }),
    metric &&
      (min !== undefined || max !== undefined) &&
      t('filters.range', { metric, min: min ?? '−∞', max: max ?? '∞' }),
  ].filter((text): text is string => Boolean(text));
  useSuggestedName(
    run.data &&
      [
        // Reviewers see the name of the queue: of a blind one the model is not in it.
        blind
          ? t('nameSuggestions.blind', { benchmark: run.data.benchmark.title })
          : t('nameSuggestions.run', {
              model: `${run.data.model.name} ${run.data.model.version}`,
              benchmark: run.data.benchmark.title,
            }),
        verdict && t(`verdicts.${verdict}`),
        ...groups.slice(0, 2),
      ]
        .filter(Boolean)
        .join(' · '),
  );

  return (
    <>
      <RunField field="run.runId" label={t('run')} />
      <div className="flex flex-wrap items-start gap-x-6 gap-y-4">
        <div>
          <p aria-hidden className="text-[13px] leading-5 font-medium">
            {t('verdict')}
          </p>
          <Segmented
            legend={t('verdict')}
            name="queue-verdict"
            className="mt-1"
            value={verdict ?? 'all'}
            options={(['all', 'wrong', 'right'] as const).map((value) => ({
              value,
              label: t(`verdicts.${value}`),
            }))}
            onChange={(value) => change({ verdict: value === 'all' ? undefined : value })}
          />
        </div>
        <div>
          <p id="queue-state" className="text-[13px] leading-5 font-medium">
            {t('state')}
          </p>
          <Select
            label={t('state')}
            value={states.find((one) => one === state) ?? 'any'}
            options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
            onChange={(value) => change({ state: value === 'any' ? undefined : value })}
            className="mt-1 h-9 min-w-40"
          />
        </div>
      </div>
      {known.length > 0 && (
        <ToggleList
          legend={t('groups')}
          options={known.map((value) => ({ value, label: value }))}
          value={groups}
          onChange={(next) => change({ groups: next.length > 0 ? next : undefined })}
        />
      )}
      {further.length > 0 && (
        <p className="bg-sunken flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg px-3 py-2 text-[13px] leading-5">
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            {t('filtered', { what: further.join(', ') })}
          </span>
          <Button
            size="small"
            variant="ghost"
            onClick={() =>
              change({
                query: undefined,
                reason: undefined,
                metric: undefined,
                min: undefined,
                max: undefined,
              })
            }
          >
            <X aria-hidden />
            {t('dropFilter')}
          </Button>
        </p>
      )}
      <ChoiceFields of="run" />
    </>
  );
}
