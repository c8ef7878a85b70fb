import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { GenerationView, Task } from '@/server/demo/schema';
import { useTRPC } from '../../_trpc/client';

/** The results that a search finds, newest first, page by page. */
export function useHistory({ query, task }: { query: string; task: Task | null }) {
  const trpc = useTRPC();
  const found = useInfiniteQuery(
    trpc.history.search.infiniteQueryOptions(
      { query, task, limit: 60 },
      { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
    ),
  );
  const items = useMemo(() => {
    const all = found.data?.pages.flatMap((page) => page.items) ?? [];
    return [...new Map(all.map((item): [string, GenerationView] => [item.id, item])).values()];
  }, [found.data]);
  return { ...found, items };
}
