import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Check, ChevronDown, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState, type KeyboardEvent } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { useRunNames, type RunName } from '../../runs/shared/run-names';
import { Popover, PopoverContent, PopoverTrigger } from '../../_ui/popover';
import { useTRPC } from '../../_trpc/client';
import { Moment } from '../../_ui/moment';
import { describedBy, Problem } from '../../_ui/field';
import type { QueueForm } from './form';
import { useProblem } from './use-problem';
import { useDebounced } from '../../_ui/use-debounced';

interface RunPickerProps {
  field: 'run.runId' | 'pair.firstRunId' | 'pair.secondRunId';
  label: string;
  hint?: string;
  /** Only runs of this one. */
  benchmark?: string;
  /** A run that cannot be chosen here. */
  without?: string | null;
}

/** Chooses a run by the name of its model. */
export function RunPicker({ field, label, hint, benchmark, without = null }: RunPickerProps) {
  const t = useTranslations('reviews.newQueue');
  const trpc = useTRPC();
  const id = useId();
  const { control } = useFormContext<QueueForm>();
  const {
    field: { ref, value, onChange },
  } = useController({ control, name: field });
  const names = useRunNames();
  const [open, setOpen] = useState(false);
  const problem = useProblem()(field);
  const run = useQuery(trpc.runs.get.queryOptions({ id: value ?? '' }, { enabled: value !== null }));
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
          aria-describedby={describedBy(id, hint, problem)}
          className={cn(
            'bg-surface hover:border-ink mt-1 flex min-h-11 w-full items-center justify-between gap-2 rounded-lg border px-3 py-1.5 text-left text-sm transition-colors',
            problem ? 'border-danger' : 'border-line-strong',
          )}
        >
          {value && run.data ? (
            <RunLine run={run.data} name={names([run.data])[0]!} />
          ) : (
            <span className="text-muted">{value && run.isPending ? '…' : t('chooseRun')}</span>
          )}
          <ChevronDown aria-hidden className="text-muted size-4 shrink-0" />
        </PopoverTrigger>
        <PopoverContent
          align="start"
          className="flex w-(--radix-popover-trigger-width) min-w-72 flex-col p-0"
        >
          <RunList
            value={value}
            benchmark={benchmark}
            without={without}
            onChoose={(next) => {
              onChange(next);
              setOpen(false);
            }}
          />
        </PopoverContent>
      </Popover>
      {hint && (
        <p id={`${id}-hint`} className="text-muted mt-1 text-[13px] leading-5">
          {hint}
        </p>
      )}
      <Problem id={id} text={problem ?? (run.isError ? t('problems.run') : null)} />
    </div>
  );
}

interface RunListProps {
  value: string | null;
  benchmark?: string;
  without: string | null;
  onChoose: (id: string) => void;
}

/** The newest runs that match: arrows walk, Enter chooses. */
function RunList({ value, benchmark, without, onChoose }: RunListProps) {
  const t = useTranslations('reviews.newQueue');
  const trpc = useTRPC();
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const query = useDebounced(typed).trim();
  const found = useQuery(
    trpc.runs.list.queryOptions(
      { limit: 50, ...(query ? { query } : {}), ...(benchmark ? { benchmark } : {}) },
      { placeholderData: keepPreviousData },
    ),
  );
  // A private run has no queue, which the whole team reads.
  const all = (found.data?.items ?? []).filter(
    ({ done, visibility }) => done > 0 && visibility !== 'private',
  );
  const named = useRunNames()(all);
  const names = new Map(all.map((run, i) => [run.id, named[i]!]));
  const runs = all.filter(({ id }) => id !== without);
  const at = Math.min(active, Math.max(0, runs.length - 1));

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = Math.min(runs.length - 1, Math.max(0, at + step));
      setActive(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    const run = runs[at];
    if (event.key === 'Enter' && run) {
      event.preventDefault();
      onChoose(run.id);
    }
  };
  return (
    <>
      <div className="border-line relative border-b">
        <Search aria-hidden className="text-muted absolute top-1/2 left-3 size-4 -translate-y-1/2" />
        <input
          role="combobox"
          aria-label={t('findRun')}
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={runs.length > 0 ? `${listId}-${at}` : undefined}
          autoComplete="off"
          maxLength={200}
          placeholder={t('findRun')}
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
        aria-label={t('runs')}
        aria-busy={found.isFetching}
        className="max-h-72 overflow-y-auto p-1"
      >
        {runs.map((run, index) => (
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
            <RunLine run={run} name={names.get(run.id)!} />
            <Check
              aria-hidden
              className={cn('text-accent ml-auto size-4 shrink-0', run.id !== value && 'invisible')}
            />
          </div>
        ))}
      </div>
      {runs.length === 0 && (
        <p role="status" className="text-muted px-3 pb-3 text-sm">
          {found.isPending ? '…' : t(query || benchmark ? 'noRuns' : 'noRunsYet')}
        </p>
      )}
    </>
  );
}

interface RunLineProps {
  run: Pick<RunRow, 'benchmark' | 'done' | 'expected' | 'createdAt'>;
  name: RunName;
}

function RunLine({ run, name }: RunLineProps) {
  const t = useTranslations('reviews.newQueue');
  return (
    <span className="min-w-0">
      <span className="block truncate text-sm font-medium">
        {name.title} · {run.benchmark.title}
      </span>
      {name.details && (
        <span className="block text-xs leading-4 [overflow-wrap:anywhere]">{name.details}</span>
      )}
      <span className="text-muted block truncate text-xs leading-4">
        {t('runLine', { done: run.done, expected: run.expected })} · <Moment at={run.createdAt} />
      </span>
    </span>
  );
}
