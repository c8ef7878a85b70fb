import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronsUpDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { useDebounced } from '../../_ui/use-debounced';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { Popover, PopoverContent, PopoverTrigger } from '../../_ui/popover';
import { useTRPC } from '../../_trpc/client';
import { nextPage } from '../../_trpc/next-page';
import { Ago } from '../shared/ago';
import { Failure } from '../../_ui/failure';
import { Skeleton } from '../shared/notice';
import { useRunNames, type RunName } from '../shared/run-names';
import { SearchField } from '../../_ui/search-field';
import { StateBadge } from '../shared/state-badge';
import { useFigures } from '../shared/use-figures';

interface RunPickerProps {
  /** What is chosen here, e.g. "First run". */
  label: string;
  run: RunRow | null;
  /** What to call it beside the other one. */
  name: RunName | null;
  /** Only runs of this benchmark; null for any. */
  benchmark: string | null;
  /** The other one, which cannot be chosen here too. */
  other: string | null;
  onChoose: (id: string) => void;
}

/** One of the runs, found by the words in its model's name. */
export function RunPicker({ label, run, name, benchmark, other, onChoose }: RunPickerProps) {
  const t = useTranslations('runCompare');
  const [open, setOpen] = useState(false);
  const { moment } = useFigures();
  return (
    <div className="min-w-0 flex-1 basis-64">
      <p className="text-muted mb-1 text-xs" aria-hidden>
        {label}
      </p>
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button
            aria-label={name ? t('picker.chosen', { label, run: name.whole }) : label}
            className="h-auto min-h-13 w-full justify-between py-1.5 text-left whitespace-normal"
          >
            {run && name ? (
              <span className="min-w-0">
                <span className="block truncate">{name.title}</span>
                {name.details && (
                  <span className="block text-xs font-normal [overflow-wrap:anywhere]">{name.details}</span>
                )}
                <span className="text-muted block truncate text-xs font-normal">
                  {run.benchmark.title} ·{' '}
                  <span title={moment(run.createdAt)}>
                    <Ago date={run.createdAt} />
                  </span>
                </span>
              </span>
            ) : (
              <span className="text-muted">{t('picker.choose')}</span>
            )}
            <ChevronsUpDown aria-hidden className="text-muted" />
          </Button>
        </PopoverTrigger>
        <PopoverContent
          align="start"
          className="w-(--radix-popover-trigger-width) min-w-72 p-2"
          aria-label={label}
        >
          <Choices
            benchmark={benchmark}
            other={other}
            chosen={run?.id ?? null}
            onChoose={(id) => {
              setOpen(false);
              onChoose(id);
            }}
          />
        </PopoverContent>
      </Popover>
    </div>
  );
}

interface ChoicesProps {
  benchmark: string | null;
  other: string | null;
  chosen: string | null;
  onChoose: (id: string) => void;
}

function Choices({ benchmark, other, chosen, onChoose }: ChoicesProps) {
  const t = useTranslations('runCompare');
  const trpc = useTRPC();
  const [typed, setTyped] = useState('');
  const query = useDebounced(typed).trim();
  const found = useInfiniteQuery(
    trpc.runs.list.infiniteQueryOptions(
      { limit: 30, ...(benchmark !== null && { benchmark }), ...(query !== '' && { query }) },
      nextPage,
    ),
  );
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  // Told apart from the other one too.
  const named = useRunNames()(all);
  const rows = all.flatMap((run, i) => (run.id === other ? [] : [{ run, name: named[i]! }]));
  return (
    <>
      <SearchField label={t('picker.search')} value={typed} onChange={setTyped} />
      <div className="mt-2 max-h-80 overflow-y-auto">
        {found.isError && rows.length === 0 ? (
          <Failure error={found.error} onRetry={() => void found.refetch()} />
        ) : found.isPending ? (
          <div className="space-y-1.5">
            {[0, 1, 2].map((i) => (
              <Skeleton key={i} className="h-11" />
            ))}
          </div>
        ) : rows.length === 0 ? (
          <p className="text-muted px-2 py-3 text-sm">{t('picker.nothing')}</p>
        ) : (
          <ul>
            {rows.map(({ run, name }) => (
              <li key={run.id}>
                <button
                  type="button"
                  aria-current={run.id === chosen ? 'true' : undefined}
                  onClick={() => onChoose(run.id)}
                  className={cn(
                    'hover:bg-sunken flex w-full items-center gap-3 rounded-lg px-2 py-1.5 text-left text-sm',
                    run.id === chosen && 'bg-accent-soft',
                  )}
                >
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{name.title}</span>
                    {name.details && (
                      <span className="block text-xs [overflow-wrap:anywhere]">{name.details}</span>
                    )}
                    <span className="text-muted block truncate text-xs">
                      {run.benchmark.title} · <Ago date={run.createdAt} />
                    </span>
                  </span>
                  <StateBadge state={run.state} />
                </button>
              </li>
            ))}
          </ul>
        )}
        {found.hasNextPage && (
          <Button
            size="small"
            variant="ghost"
            className="mt-1 w-full"
            aria-disabled={found.isFetchingNextPage}
            onClick={() => void found.fetchNextPage()}
          >
            {t('picker.more')}
          </Button>
        )}
      </div>
    </>
  );
}
