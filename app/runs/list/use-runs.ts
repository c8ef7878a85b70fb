import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { useTRPC } from '../../_trpc/client';
import { nextPage } from '../../_trpc/next-page';
import { withRunning } from './running-rows';
import { listInput, type ListUrl } from './url-state';

/** How often those that run are looked at: one question for all of them. */
const refetchMs = 2000;
/** With none that runs: somebody else may start one. */
const restingMs = 15_000;

/** The runs that a filter finds, newest first, page by page; those that run are kept up to date. */
export function useRuns(url: ListUrl) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const found = useInfiniteQuery(
    trpc.runs.list.infiniteQueryOptions(listInput(url), {
      ...nextPage,
      placeholderData: keepPreviousData,
    }),
  );
  const listed = useMemo(() => {
    const all = found.data?.pages.flatMap((page) => page.items) ?? [];
    return [...new Map(all.map((row): [string, RunRow] => [row.id, row])).values()];
  }, [found.data]);

  const running = useQuery(
    trpc.runs.list.queryOptions(
      { state: 'running', limit: 100 },
      {
        refetchInterval: ({ state }) => (state.data?.items.length ? refetchMs : restingMs),
        staleTime: 0,
      },
    ),
  );
  const { rows, stale } = useMemo(() => withRunning(listed, running.data?.items), [listed, running.data]);
  // Another one runs than a moment ago: it belongs into this list, or ended.
  const ids = running.data?.items
    .map(({ id }) => id)
    .sort()
    .join(' ');
  const known = useRef(ids);
  useEffect(() => {
    const changed = known.current !== undefined && known.current !== ids;
    known.current = ids;
    if (!changed && !stale) return;
    void queryClient.invalidateQueries({ queryKey: trpc.runs.list.infiniteQueryKey() });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the keys of the list are always the same
  }, [ids, stale]);
  return { ...found, rows };
}
