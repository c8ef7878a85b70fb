import { keepPreviousData, useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { z } from 'zod';
import type { listTasksSchema, TaskRow, taskPageSchema } from '@/server/reviews/schema';
import { useTRPC } from '../../_trpc/client';
import { refetchMs } from './refetch-interval';
import { asShown } from './sides';

type TaskFilter = Pick<z.input<typeof listTasksSchema>, 'queueId' | 'state' | 'group'>;
export type TaskPage = z.infer<typeof taskPageSchema>;

/**
 * Items of a queue by the page, as they are shown, followed while it is only a few pages.
 * @param first the first page, where the server read it for the page of the queue
 */
export function useTasks(filter: TaskFilter, { limit, first }: { limit?: number; first?: TaskPage | null }) {
  const trpc = useTRPC();
  const initialData: InfiniteData<TaskPage, string | null> | undefined = first
    ? { pages: [first], pageParams: [null] }
    : undefined;
  const list = useInfiniteQuery({
    ...trpc.reviews.tasks.infiniteQueryOptions(
      { ...filter, limit },
      {
        getNextPageParam: (page) => page.nextCursor,
        placeholderData: keepPreviousData,
        refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 2 ? refetchMs : false),
      },
    ),
    initialData,
  });
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const items: TaskRow[] = list.data?.pages.flatMap((page) => page.items.map(asShown)) ?? [];
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  return { list, items, onNearEnd };
}
