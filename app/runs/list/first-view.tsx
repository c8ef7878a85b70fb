'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { RunList } from '@/server/evaluation/runs/schema';
import { useTRPC } from '../../_trpc/client';
import type { listInput } from './url-state';

interface FirstViewProps {
  input: ReturnType<typeof listInput>;
  /** Null where the server could not read it: the page asks by itself. */
  page: RunList | null;
  children: ReactNode;
}

/** Hands the first page of the list to the query before it asks, so that the first picture is whole. */
export function RunsFirstView({ input, page, children }: FirstViewProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  useState(() => {
    const key = trpc.runs.list.infiniteQueryKey(input);
    if (page && !queryClient.getQueryData(key))
      queryClient.setQueryData(key, { pages: [page], pageParams: [null] });
    return true;
  });
  return children;
}
