'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { GenerationView, ModelInfo } from '@/server/demo/schema';
import { useTRPC } from '../_trpc/client';
import { pageSize } from './fresh';

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
  return children;
}
