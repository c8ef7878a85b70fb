import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { useTRPC } from '../_trpc/client';
import { isFinished } from './live';

interface Page {
  items: GenerationView[];
  nextCursor?: string | null;
}
type Pages = InfiniteData<Page, string | null>;

const pageSize = 20;

function useList() {
  const trpc = useTRPC();
  const input = { limit: pageSize };
  return {
    key: trpc.demo.list.infiniteQueryKey(input),
    options: trpc.demo.list.infiniteQueryOptions(input, { getNextPageParam: (page) => page.nextCursor }),
  };
}

/** The visitor's jobs, oldest first, as the thread shows them; older pages are loaded on demand. */
export function useGenerations() {
  const { options } = useList();
  const query = useInfiniteQuery(options);
  const items = useMemo(() => {
    const newestFirst = query.data?.pages.flatMap((page) => page.items) ?? [];
    const unique = new Map(newestFirst.map((item) => [item.id, item]));
    return [...unique.values()].reverse();
  }, [query.data]);
  return { ...query, items };
}

/** Changes to the list that need no round trip. */
export function useGenerationCache() {
  const { key } = useList();
  const queryClient = useQueryClient();
  return useMemo(() => {
    const change = (edit: (pages: Pages) => Pages) => {
      if (!queryClient.getQueryData(key)) {
        void queryClient.invalidateQueries({ queryKey: key });
        return;
      }
      // An answer under way may be older than this change.
      void queryClient.cancelQueries({ queryKey: key });
      queryClient.setQueryData(key, (pages) => pages && (edit(pages as Pages) as typeof pages));
    };
    const mapItems = (pages: Pages, map: (items: GenerationView[]) => GenerationView[]): Pages => ({
      ...pages,
      pages: pages.pages.map((page) => ({ ...page, items: map(page.items) })),
    });
    const put = (generation: GenerationView, mayReplace = (_known: GenerationView) => true) =>
      change((pages) => {
        const known = pages.pages.some((page) => page.items.some((item) => item.id === generation.id));
        if (known) {
          return mapItems(pages, (items) =>
            items.map((item) => (item.id === generation.id && mayReplace(item) ? generation : item)),
          );
        }
        const [first, ...rest] = pages.pages;
        if (!first) return pages;
        return { ...pages, pages: [{ ...first, items: [generation, ...first.items] }, ...rest] };
      });
    return {
      /** A new job, or a later version of one that is there. */
      put: (generation: GenerationView) => put(generation),
      /** For an answer that may have been overtaken by the end of the job. */
      putIfOlder: (generation: GenerationView) => put(generation, (known) => !isFinished(known.state)),
      remove: (id: string) =>
        change((pages) => mapItems(pages, (items) => items.filter((item) => item.id !== id))),
      refresh: () => queryClient.invalidateQueries({ queryKey: key }),
    };
  }, [queryClient, key]);
}
