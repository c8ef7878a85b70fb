import { dehydrate, HydrationBoundary } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { pageQueries } from '@/server/api/web/page-queries';

/** Hands what the page has read by `pageQueries` to the queries of the browser before they ask, so that the first paint is whole. */
export function FirstView({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(pageQueries().queryClient)}>{children}</HydrationBoundary>;
}
