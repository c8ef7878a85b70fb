'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import type { GenerationView, ModelInfo } from '@/server/demo/schema';
import { useTRPC } from '../_trpc/client';
import { hasToken } from '../_trpc/site-fetch';
import { pageSize } from './thread/merge-pages';

interface FirstViewProps {
  view: {
    model: ModelInfo | null;
    results: { items: GenerationView[]; nextCursor: string | null } | null;
  };
  children: ReactNode;
}

/** Hands what the server read to the queries before they ask, so that the first picture of the page is whole. */
export function FirstView({ view, children }: FirstViewProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  useState(() => {
    const model = trpc.demo.model.queryKey();
    if (view.model && !queryClient.getQueryData(model)) queryClient.setQueryData(model, view.model);
    const list = trpc.demo.list.infiniteQueryKey({ limit: pageSize });
    if (view.results && !queryClient.getQueryData(list))
      queryClient.setQueryData(list, { pages: [view.results], pageParams: [null] });
    return true;
  });
  // What the server could not know: it made the page before the token was sent.
  useEffect(() => {
    if (hasToken()) void queryClient.invalidateQueries({ queryKey: trpc.demo.list.pathKey() });
  }, [queryClient, trpc]);
  return children;
}
