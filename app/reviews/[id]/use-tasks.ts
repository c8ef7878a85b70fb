import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { z } from 'zod';
import type { listTasksSchema, TaskRow } from '@/server/reviews/schema';
import { useTRPC } from '../../_trpc/client';
import { nextPage } from '../../_trpc/next-page';
import { refetchMs } from './refetch-interval';
import { asShown } from './sides';

type TaskFilter = Pick<z.input<typeof listTasksSchema>, 'queueId' | 'state' | 'group'>;

/** Items of a queue by the page, as they are shown, followed while it is only a few pages. */
export function useTasks(filter: TaskFilter, { limit }: { limit?: number } = {}) {
  const trpc = useTRPC();
  const list = useInfiniteQuery(
    trpc.reviews.tasks.infiniteQueryOptions(
      { ...filter, limit },
      {
        ...nextPage,
        placeholderData: keepPreviousData,
        refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 2 ? refetchMs : false),
      },
    ),
  );
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const items: TaskRow[] = list.data?.pages.flatMap((page) => page.items.map(asShown)) ?? [];
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  return { list, items, onNearEnd };
}
