import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { useTRPC, useTRPCClient } from '../../_trpc/client';
import { mergeRefetched, pageSize, type Page } from './merge-pages';
import { isFinished } from '../result/job-events';
import { nextPage } from '../../_trpc/next-page';
import { onPageVisibility } from '../../_trpc/page-visibility';

type Pages = InfiniteData<Page, string | null>;

/** The most that one question may ask for. */
const largestPage = 100;
/** What was deleted here; an answer under way may still have it. */
const removed = new Set<string>();

function useList() {
  const trpc = useTRPC();
  const input = { limit: pageSize };
  return {
    key: trpc.demo.list.infiniteQueryKey(input),
    options: trpc.demo.list.infiniteQueryOptions(input, {
      ...nextPage,
      // It is brought up to date by fewer questions: see useFreshList.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
  };
}

/** The visitor's jobs, oldest first, as the thread shows them; older pages are loaded on demand. */
export function useGenerations() {
  const { options } = useList();
  const query = useInfiniteQuery(options);
  useFreshList();
  const items = useMemo(() => {
    const newestFirst = query.data?.pages.flatMap((page) => page.items) ?? [];
    const unique = new Map(newestFirst.map((item) => [item.id, item]));
    return [...unique.values()].reverse();
  }, [query.data]);
  return { ...query, items };
}

/** When the page wakes, what other tabs added, ended and deleted meanwhile is taken over. */
function useFreshList() {
  const { key } = useList();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  useEffect(() => {
    let running = false;
    const refresh = async () => {
      const known = queryClient.getQueryData<Pages>(key);
      if (!known || running) {
        if (!known) await queryClient.invalidateQueries({ queryKey: key });
        return;
      }
      running = true;
      try {
        const oldest = known.pages.flatMap((page) => page.items).at(-1)?.id;
        const items: GenerationView[] = [];
        let cursor: string | null = null;
        do {
          const limit = oldest ? largestPage : pageSize;
          const page: Page = await client.demo.list.query({ limit, cursor });
          items.push(...page.items);
          cursor = page.nextCursor ?? null;
        } while (cursor && oldest && cursor > oldest);
        queryClient.setQueryData<Pages>(
          key,
          (now) => now && mergeRefetched(now, { items, nextCursor: cursor }, removed),
        );
      } catch {
        // The server is away: the list stays as it is, and the jobs that run say that they reconnect.
      } finally {
        running = false;
      }
    };
    return onPageVisibility({ resume: () => void refresh() });
    // The key is a new array each time, with the same words in it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, queryClient]);
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
      remove: (id: string) => {
        removed.add(id);
        change((pages) => mapItems(pages, (items) => items.filter((item) => item.id !== id)));
      },
      refresh: () => queryClient.invalidateQueries({ queryKey: key }),
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key's words never change
  }, [queryClient]);
}
