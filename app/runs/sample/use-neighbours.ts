import { useQueries } from '@tanstack/react-query';
import { useEffect } from 'react';
import { imageUrl } from '../../_ui/images/address';
import { useImagesAhead } from '../../_ui/images/use-awaited-image';
import { useTRPC } from '../../_trpc/client';
import type { Samples } from '../samples/use-samples';

/** The samples before and after one within the filter, and its place; read ahead with their images, so that the next is there at once. */
export function useNeighbours(id: string, { items, total, nearEnd, hasNextPage }: Samples) {
  const trpc = useTRPC();
  const index = items.findIndex((item) => item.id === id);
  const previous = index > 0 ? items[index - 1]!.id : null;
  const next = index >= 0 ? (items[index + 1]?.id ?? null) : null;
  const atEnd = index >= 0 && index >= items.length - 3;
  useEffect(() => {
    if (atEnd && hasNextPage) nearEnd();
  }, [atEnd, hasNextPage, nearEnd]);
  const near = useQueries({
    queries: [next, previous]
      .filter((one) => one !== null)
      .map((one) => trpc.runs.sample.queryOptions({ id: one }, { staleTime: 60_000 })),
  });
  useImagesAhead(
    near.flatMap(({ data }) =>
      data ? [data.picture, ...data.pictures].flatMap((one) => (one ? imageUrl(one.hash) : [])) : [],
    ),
  );
  return { index, previous, next, total };
}
