'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { longestQuery } from '@/server/demo/history/schema';
import type { GenerationView, Task } from '@/server/demo/schema';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '../../_ui/button';
import { Dialog, DialogContent } from '../../_ui/dialog';
import { SearchField } from '../../_ui/search-field';
import { Segmented } from '../../_ui/segmented';
import { isFinished } from '../result/job-events';
import { ImportButton } from './conversations';
import { HistoryDetails } from './history-details';
import { HistoryGrid } from './history-grid';
import { useErrorText } from '../../_ui/error-text';
import { SelectionBar } from './selection-bar';
import { useDebounced } from '../../_ui/use-debounced';
import { useTRPC } from '../../_trpc/client';
import { nextPage } from '../../_trpc/next-page';

interface HistoryPanelProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Everything that the visitor made: found by words and kind, opened, deleted. */
export function HistoryPanel({ open, onOpenChange }: HistoryPanelProps) {
  const t = useTranslations('history');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        side="left"
        title={t('title')}
        className="w-full max-w-full border-0 sm:max-w-2xl sm:border-r"
      >
        <HistoryContent onLeave={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

const kinds = ['all', 'generate', 'edit', 'understand'] as const;

function HistoryContent({ onLeave }: { onLeave: () => void }) {
  const t = useTranslations('history');
  const common = useTranslations('common');
  const problem = useErrorText();
  const [typed, setTyped] = useState('');
  const [kind, setKind] = useState<'all' | Task>('all');
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null);
  const [openId, setOpenId] = useState<string | null>(null);
  const query = useDebounced(typed).trim();
  const found = useHistory({ query, task: kind === 'all' ? null : kind });
  const { items, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = found;
  // What was deleted elsewhere, or is not found any more, is not selected any more.
  const chosen = selected && new Set(items.filter(({ id }) => selected.has(id)).map(({ id }) => id));
  const opened = items.find(({ id }) => id === openId);

  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const press = (generation: GenerationView) => {
    if (!selected) return setOpenId(generation.id);
    if (!isFinished(generation.state)) return;
    const next = new Set(selected);
    if (!next.delete(generation.id)) next.add(generation.id);
    setSelected(next);
  };
  const count = items.length;

  return (
    <>
      <div className="flex flex-col gap-2.5 px-4 pb-2">
        <SearchField
          label={t('search')}
          value={typed}
          onChange={setTyped}
          longest={longestQuery}
          className="[&_svg]:left-3"
          boxClassName="h-9 pr-3 pl-9"
        />
        <div className="flex flex-wrap items-center gap-2">
          <Segmented
            legend={t('task')}
            name="history-task"
            size="small"
            value={kind}
            options={kinds.map((value) => ({ value, label: t(`tasks.${value}`) }))}
            onChange={setKind}
          />
          <div className="ml-auto flex items-center gap-1.5">
            <ImportButton />
            <Button
              size="small"
              aria-pressed={selected !== null}
              disabled={count === 0}
              onClick={() => setSelected(selected ? null : new Set())}
            >
              {t('select')}
            </Button>
          </div>
        </div>
        <p role="status" className="text-muted text-xs tabular-nums">
          {found.isPending ? '\u00a0' : t(hasNextPage ? 'foundMore' : 'found', { count })}
        </p>
      </div>
      <div className="flex min-h-0 flex-1 flex-col px-3" aria-busy={found.isFetching}>
        {found.isError && count === 0 ? (
          <Message>
            <span role="alert">{t('failed', { reason: problem(found.error) })}</span>
            <Button size="small" onClick={() => void found.refetch()}>
              {common('retry')}
            </Button>
          </Message>
        ) : found.isPending ? null : count === 0 ? (
          <Message>{t(query || kind !== 'all' ? 'nothing' : 'empty')}</Message>
        ) : (
          <HistoryGrid items={items} selected={chosen} onPress={press} onNearEnd={onNearEnd} />
        )}
        {isFetchNextPageError && (
          <p role="alert" className="flex items-center justify-center gap-3 py-2 text-sm">
            {t('moreFailed')}
            <Button size="small" onClick={() => void fetchNextPage()}>
              {common('retry')}
            </Button>
          </p>
        )}
      </div>
      {chosen && (
        <SelectionBar
          ids={[...chosen]}
          onSelectAll={() =>
            setSelected(new Set(items.filter(({ state }) => isFinished(state)).map(({ id }) => id)))
          }
          onEnd={() => setSelected(null)}
        />
      )}
      {opened && (
        <HistoryDetails
          generation={opened}
          open
          onOpenChange={(open) => !open && setOpenId(null)}
          onLeave={onLeave}
        />
      )}
    </>
  );
}

function Message({ children }: { children: ReactNode }) {
  return (
    <div className="text-muted flex flex-1 flex-col items-center justify-center gap-3 p-6 text-center text-sm">
      {children}
    </div>
  );
}

/** The results that a search finds, newest first, page by page. */
function useHistory({ query, task }: { query: string; task: Task | null }) {
  const trpc = useTRPC();
  const found = useInfiniteQuery(
    trpc.history.search.infiniteQueryOptions(
      { query, task, limit: 60 },
      { ...nextPage, placeholderData: keepPreviousData },
    ),
  );
  const items = useMemo(() => {
    const all = found.data?.pages.flatMap((page) => page.items) ?? [];
    return [...new Map(all.map((item): [string, GenerationView] => [item.id, item])).values()];
  }, [found.data]);
  return { ...found, items };
}
