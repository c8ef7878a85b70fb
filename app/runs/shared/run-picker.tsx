import { keepPreviousData, skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Check, ChevronsUpDown, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState, type KeyboardEvent, type Ref } from 'react';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { useErrorText } from '../../_ui/error-text';
import { Failure } from '../../_ui/failure';
import { describedBy, Problem } from '../../_ui/field';
import { Popover, PopoverContent, PopoverTrigger } from '../../_ui/popover';
import { useDebounced } from '../../_ui/use-debounced';
import { useTRPC } from '../../_trpc/client';
import { isGone } from '../../_trpc/is-gone';
import { nextPage } from '../../_trpc/next-page';
import { Ago } from './ago';
import { useRunNames, type RunName } from './run-names';
import { StateBadge } from './state-badge';

interface RunPickerProps {
  label: string;
  /** The run that is chosen. */
  value: string | null;
  onChoose: (id: string) => void;
  /** What to call the chosen one, where it stands beside another. */
  name?: RunName | null;
  /** Only runs of this benchmark; null for any. */
  benchmark?: string | null;
  /** A run that cannot be chosen here. */
  without?: string | null;
  /** Which of the others can be; every one without it. */
  only?: (run: RunRow) => boolean;
  hint?: string;
  problem?: string | null;
  ref?: Ref<HTMLButtonElement>;
}

/** Chooses a run by the name of its model. */
export function RunPicker({ label, value, onChoose, name, hint, problem, ref, ...choices }: RunPickerProps) {
  const t = useTranslations('runs.picker');
  const trpc = useTRPC();
  const id = useId();
  const names = useRunNames();
  const failure = useErrorText();
  const [open, setOpen] = useState(false);
  const run = useQuery(trpc.runs.get.queryOptions(value === null ? skipToken : { id: value }));
  const trouble = problem ?? (isGone(run.error) ? t('unknown') : run.isError ? failure(run.error) : null);
  return (
    <div className="min-w-0">
      <p id={`${id}-label`} className="text-[13px] leading-5 font-medium">
        {label}
      </p>
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger
          ref={ref}
          id={id}
          aria-labelledby={`${id}-label ${id}`}
          aria-describedby={describedBy(id, hint, trouble)}
          className={cn(
            'bg-surface hover:border-ink mt-1 flex min-h-13 w-full items-center justify-between gap-2 rounded-lg border px-3 py-1.5 text-left text-sm transition-colors',
            trouble ? 'border-danger' : 'border-line-strong',
          )}
        >
          {run.data ? (
            <RunLine run={run.data} name={name ?? names([run.data])[0]!} />
          ) : (
            <span className="text-muted">{value !== null && run.isPending ? '…' : t('choose')}</span>
          )}
          <ChevronsUpDown aria-hidden className="text-muted size-4 shrink-0" />
        </PopoverTrigger>
        <PopoverContent
          align="start"
          aria-label={label}
          className="flex w-(--radix-popover-trigger-width) min-w-72 flex-col p-0"
        >
          <Choices
            {...choices}
            value={value}
            onChoose={(chosen) => {
              setOpen(false);
              onChoose(chosen);
            }}
          />
        </PopoverContent>
      </Popover>
      {hint && (
        <p id={`${id}-hint`} className="text-muted mt-1 text-[13px] leading-5">
          {hint}
        </p>
      )}
      <Problem id={id} text={trouble} />
    </div>
  );
}

type ChoicesProps = Pick<RunPickerProps, 'value' | 'onChoose' | 'benchmark' | 'without' | 'only'>;

/** The newest runs that match: arrows walk, Enter chooses. */
function Choices({ value, onChoose, benchmark = null, without, only = () => true }: ChoicesProps) {
  const t = useTranslations('runs.picker');
  const trpc = useTRPC();
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const query = useDebounced(typed).trim();
  const found = useInfiniteQuery(
    trpc.runs.list.infiniteQueryOptions(
      { limit: 50, ...(benchmark !== null && { benchmark }), ...(query !== '' && { query }) },
      { ...nextPage, placeholderData: keepPreviousData },
    ),
  );
  const all = found.data?.pages.flatMap((page) => page.items).filter(only) ?? [];
  // Told apart from the one that cannot be chosen, too.
  const named = useRunNames()(all);
  const rows = all.flatMap((run, i) => (run.id === without ? [] : [{ run, name: named[i]! }]));
  const at = Math.min(active, Math.max(0, rows.length - 1));

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = Math.min(rows.length - 1, Math.max(0, at + step));
      setActive(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    const chosen = rows[at]?.run;
    if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      onChoose(chosen.id);
    }
  };
  return (
    <>
      <div className="border-line relative border-b">
        <Search aria-hidden className="text-muted absolute top-1/2 left-3 size-4 -translate-y-1/2" />
        <input
          role="combobox"
          aria-label={t('search')}
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={rows.length > 0 ? `${listId}-${at}` : undefined}
          autoComplete="off"
          maxLength={200}
          placeholder={t('search')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="placeholder:text-muted h-10 w-full rounded-t-xl bg-transparent pr-3 pl-9 text-sm outline-none"
        />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label={t('list')}
        aria-busy={found.isFetching}
        className="max-h-80 overflow-y-auto p-1 empty:hidden"
      >
        {rows.map(({ run, name }, index) => (
          <div
            key={run.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={run.id === value}
            onPointerMove={() => setActive(index)}
            onClick={() => onChoose(run.id)}
            className={cn(
              'flex cursor-pointer items-center gap-2 rounded-lg px-2.5 py-1.5',
              index === at && 'bg-sunken',
            )}
          >
            <RunLine run={run} name={name} />
            <span className="ml-auto flex shrink-0 items-center gap-2">
              <StateBadge state={run.state} />
              <Check aria-hidden className={cn('text-accent size-4', run.id !== value && 'invisible')} />
            </span>
          </div>
        ))}
      </div>
      {rows.length === 0 &&
        (found.isError ? (
          <Failure error={found.error} onRetry={() => void found.refetch()} />
        ) : (
          <p role="status" className="text-muted px-3 py-3 text-sm">
            {found.isPending ? '…' : t(query !== '' || benchmark !== null ? 'nothing' : 'nothingYet')}
          </p>
        ))}
      {found.hasNextPage && (
        <Button
          size="small"
          variant="ghost"
          className="mx-1 mb-1"
          aria-disabled={found.isFetchingNextPage}
          onClick={() => !found.isFetchingNextPage && void found.fetchNextPage()}
        >
          {t('more')}
        </Button>
      )}
    </>
  );
}

interface RunLineProps {
  run: Pick<RunRow, 'benchmark' | 'done' | 'expected' | 'createdAt'>;
  name: RunName;
}

function RunLine({ run, name }: RunLineProps) {
  const t = useTranslations('runs.picker');
  return (
    <span className="min-w-0">
      <span className="block truncate text-sm font-medium">
        {name.title} · {run.benchmark.title}
      </span>
      {name.details && (
        <span className="block text-xs leading-4 [overflow-wrap:anywhere]">{name.details}</span>
      )}
      <span className="text-muted block truncate text-xs leading-4 font-normal">
        {t('made', { done: run.done, expected: run.expected })} · <Ago date={run.createdAt} />
      </span>
    </span>
  );
}
