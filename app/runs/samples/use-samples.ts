import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useEffectEvent, useMemo } from 'react';
import type { SampleFilter } from '@/server/evaluation/runs/schema';
import { useTRPC } from '../../_trpc/client';
import { nextPage } from '../../_trpc/next-page';
import { isGone } from '../../_trpc/is-gone';
import { samplePage } from './page-size';

export type Samples = ReturnType<typeof useSamples>;

/** The samples of a run that pass a filter, page by page. */
export function useSamples(
  runId: string,
  filter: SampleFilter,
  { enabled, onGone }: { enabled: boolean; onGone: () => void },
) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const input = { runId, filter, limit: samplePage };
  const key = trpc.runs.samples.infiniteQueryKey(input);
  const query = useInfiniteQuery(
    trpc.runs.samples.infiniteQueryOptions(input, {
      enabled,
      ...nextPage,
      placeholderData: keepPreviousData,
      // Hundreds of pages are not asked for again because a window was looked at, and not compared leaf by leaf.
      staleTime: Infinity,
      gcTime: 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      structuralSharing: false,
    }),
  );
  const { data, error, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const nearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const gone = isGone(error);
  const tellGone = useEffectEvent(onGone);
  useEffect(() => {
    if (gone) tellGone();
  }, [gone]);
  /** Begins again with the first page: asking for hundreds of them again would take minutes. */
  const restart = () => {
    queryClient.setQueryData(
      key,
      (known) => known && { pages: known.pages.slice(0, 1), pageParams: known.pageParams.slice(0, 1) },
    );
    void query.refetch();
  };
  return { ...query, items, nearEnd, restart, total: data?.pages[0]?.total ?? null };
}
