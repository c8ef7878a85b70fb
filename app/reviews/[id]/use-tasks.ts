import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { z } from 'zod';
import type { listTasksSchema, TaskRow } from '@/server/reviews/schema';
import { useTRPC } from '../../_trpc/client';
import { liveMs } from './live';

type TaskFilter = Pick<z.input<typeof listTasksSchema>, 'queueId' | 'state' | 'group'>;

/** Items of a queue by the page, followed while it is only a few pages. */
export function useTasks(filter: TaskFilter, limit = 50) {
  const trpc = useTRPC();
  const list = useInfiniteQuery(
    trpc.reviews.tasks.infiniteQueryOptions(
      { ...filter, limit },
      {
        getNextPageParam: (page) => page.nextCursor,
        placeholderData: keepPreviousData,
        refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 2 ? liveMs : false),
      },
    ),
  );
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const items: TaskRow[] = list.data?.pages.flatMap((page) => page.items) ?? [];
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  return { list, items, onNearEnd };
}
