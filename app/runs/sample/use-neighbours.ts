import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '../../_trpc/client';
import type { Samples } from '../samples/use-samples';

/** The samples before and after one within the filter, and its place; read ahead, so that the next is there at once. */
export function useNeighbours(id: string, { items, total, nearEnd, hasNextPage }: Samples) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const index = items.findIndex((item) => item.id === id);
  const previous = index > 0 ? items[index - 1]!.id : null;
  const next = index >= 0 ? (items[index + 1]?.id ?? null) : null;
  const atEnd = index >= 0 && index >= items.length - 3;
  useEffect(() => {
    if (atEnd && hasNextPage) nearEnd();
  }, [atEnd, hasNextPage, nearEnd]);
  useEffect(() => {
    for (const near of [next, previous])
      if (near)
        void queryClient.prefetchQuery(trpc.runs.sample.queryOptions({ id: near }, { staleTime: 60_000 }));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the options are made of the ids alone
  }, [next, previous, queryClient]);
  return { index, previous, next, total };
}
