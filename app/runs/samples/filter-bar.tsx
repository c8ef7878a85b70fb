import { ChevronDown, SlidersHorizontal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Ref } from 'react';
import { verdictMetric } from '../../../server/evaluation/runs/figures';
import type { RunDetail, SampleFilter } from '@/server/evaluation/runs/schema';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { boxStyle } from '../../_ui/field';
import { Popover, PopoverContent, PopoverTrigger } from '../../_ui/popover';
import { Segmented } from '../../_ui/segmented';
import { Select } from '../../_ui/select';
import { SearchField } from '../../_ui/search-field';
import { useFigures } from '../shared/use-figures';
import { useRestingInput } from '../shared/use-resting-input';
import { filterCount, noFilter, orders, sampleStates, type FilterUrl } from './url-state';

interface FilterBarProps {
  run: RunDetail;
  url: FilterUrl;
  filter: SampleFilter;
  onFilter: (change: Partial<FilterUrl>) => void;
  searchRef: Ref<HTMLInputElement>;
}

/** Radix takes no empty value for a choice. */
const any = ' ';

/** Which samples are shown, and in which order; all of it stands in the address. */
export function FilterBar({ run, url, filter, onFilter, searchRef }: FilterBarProps) {
  const t = useTranslations('runSamples');
  const { group, metric } = useFigures();
  const [typed, setTyped] = useRestingInput(url.q ?? '', (q) => onFilter({ q: q || null }));
  const judged = run.metrics.some((one) => one.metric === verdictMetric);
  const figures = run.metrics.filter((one) => one.ofSamples && one.metric !== verdictMetric);
  const chosen = filter.groups ?? [];
  const more = [filter.state, filter.reason, filter.min ?? filter.max].filter(
    (one) => one !== undefined,
  ).length;
  const shownOrders = orders.filter(
    (order) =>
      (order !== 'margin' || run.sweep) &&
      ((order !== 'lowest' && order !== 'highest') || figures.length > 0),
  );
  const toggle = (name: string, yes: boolean) => {
    const next = run.groups.filter((one) => (one === name ? yes : chosen.includes(one)));
    onFilter({ group: next.length > 0 ? next : null });
  };
  return (
    <div role="search" aria-label={t('filters.title')} className="flex flex-wrap items-center gap-2">
      <SearchField
        ref={searchRef}
        label={t('filters.words')}
        value={typed}
        onChange={setTyped}
        className="w-full sm:w-52"
      />
      {run.groups.length > 1 && (
        <Popover>
          <PopoverTrigger asChild>
            <Button size="small">
              {chosen.length === 0
                ? t('filters.group')
                : chosen.length === 1
                  ? group(chosen[0]!)
                  : t('filters.groups', { count: chosen.length })}
              <ChevronDown aria-hidden className="text-muted" />
            </Button>
          </PopoverTrigger>
          <PopoverContent align="start" className="w-64 p-1.5" aria-label={t('filters.group')}>
            {run.groups.map((name) => (
              <label
                key={name}
                className="hover:bg-sunken flex cursor-pointer items-center gap-2.5 rounded-lg px-2 py-1.5 text-sm"
              >
                <input
                  type="checkbox"
                  className="accent-accent size-4"
                  checked={chosen.includes(name)}
                  onChange={(event) => toggle(name, event.target.checked)}
                />
                {group(name)}
              </label>
            ))}
          </PopoverContent>
        </Popover>
      )}
      {judged && (
        <Segmented
          legend={t('filters.verdict')}
          name="sample-verdict"
          size="small"
          value={filter.verdict ?? 'all'}
          options={(['all', 'right', 'wrong'] as const).map((value) => ({
            value,
            label: t(`filters.verdicts.${value}`),
          }))}
          onChange={(value) => onFilter({ verdict: value === 'all' ? null : value })}
        />
      )}
      <Popover>
        <PopoverTrigger asChild>
          <Button size="small">
            <SlidersHorizontal aria-hidden />{' '}
            {more > 0 ? t('filters.moreCount', { count: more }) : t('filters.more')}
          </Button>
        </PopoverTrigger>
        <PopoverContent align="start" className="w-80 space-y-3" aria-label={t('filters.moreName')}>
          <MoreFilters {...{ url, filter, onFilter }} metrics={figures.map((one) => one.metric)} />
        </PopoverContent>
      </Popover>
      <Select
        label={t('filters.order')}
        value={(filter.order ?? 'item') as string}
        options={shownOrders.map((value) => ({ value: value as string, label: t(`orders.${value}`) }))}
        onChange={(value) => onFilter({ order: value === 'item' ? null : (value as FilterUrl['order']) })}
      />
      {figures.length > 1 && (filter.order === 'lowest' || filter.order === 'highest') && (
        <Select
          label={t('filters.metric')}
          value={filter.metric ?? figures[0]!.metric}
          options={figures.map((one) => ({ value: one.metric, label: metric(one.metric) }))}
          onChange={(value) => onFilter({ metric: value })}
        />
      )}
      {filterCount(filter) > 0 && (
        <Button size="small" variant="ghost" onClick={() => onFilter({ ...noFilter, order: url.order })}>
          {t('filters.reset')}
        </Button>
      )}
    </div>
  );
}

const reasonId = 'sample-reason';

interface MoreFiltersProps {
  url: FilterUrl;
  filter: SampleFilter;
  onFilter: (change: Partial<FilterUrl>) => void;
  metrics: string[];
}

function MoreFilters({ url, filter, onFilter, metrics }: MoreFiltersProps) {
  const t = useTranslations('runSamples');
  const { metric } = useFigures();
  const [reason, setReason] = useRestingInput(url.reason ?? '', (text) => onFilter({ reason: text || null }));
  const chosen = filter.metric ?? metrics[0];
  return (
    <>
      <div>
        <p aria-hidden className="mb-1 text-[13px] font-medium">
          {t('filters.state')}
        </p>
        <Select
          label={t('filters.state')}
          className="w-full"
          value={(filter.state ?? any) as string}
          options={[
            { value: any, label: t('filters.anyState') },
            ...sampleStates.map((value) => ({ value: value as string, label: t(`states.${value}`) })),
          ]}
          onChange={(value) => onFilter({ state: value === any ? null : (value as FilterUrl['state']) })}
        />
      </div>
      <div>
        <label htmlFor={reasonId} className="mb-1 block text-[13px] font-medium">
          {t('filters.reason')}
        </label>
        <input
          id={reasonId}
          type="text"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          placeholder={t('filters.reasonHint')}
          className={cn(boxStyle, 'h-8')}
        />
      </div>
      {chosen !== undefined && (
        <fieldset>
          <legend className="mb-1 text-[13px] font-medium">{t('filters.score')}</legend>
          {metrics.length > 1 && (
            <Select
              label={t('filters.metric')}
              className="mb-2 w-full"
              value={chosen}
              options={metrics.map((value) => ({ value, label: metric(value) }))}
              onChange={(value) => onFilter({ metric: value })}
            />
          )}
          <div className="flex items-center gap-2">
            {(['min', 'max'] as const).map((end) => (
              <Bound
                key={end}
                label={t(`filters.${end}`)}
                value={url[end]}
                onChange={(value) => onFilter({ metric: chosen, [end]: value })}
              />
            ))}
          </div>
        </fieldset>
      )}
    </>
  );
}

function Bound(props: { label: string; value: number | null; onChange: (value: number | null) => void }) {
  const { label, value, onChange } = props;
  const [typed, setTyped] = useRestingInput(value === null ? '' : String(value), (text) => {
    if (text === '') onChange(null);
    else if (Number.isFinite(Number(text))) onChange(Number(text));
  });
  return (
    <input
      type="text"
      inputMode="decimal"
      aria-label={label}
      placeholder={label}
      value={typed}
      aria-invalid={typed.trim() !== '' && !Number.isFinite(Number(typed))}
      onChange={(event) => setTyped(event.target.value)}
      className={cn(boxStyle, 'h-8')}
    />
  );
}
