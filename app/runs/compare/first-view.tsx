'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Comparison, RunDetail } from '@/server/evaluation/runs/schema';
import { useTRPC } from '../../_trpc/client';

interface FirstViewProps {
  comparison: Comparison | null;
  runs: RunDetail[];
  children: ReactNode;
}

/** Hands what the server read to the queries before they ask, so that the first picture is whole. */
export function CompareFirstView({ comparison, runs, children }: FirstViewProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  useState(() => {
    for (const run of runs) {
      const key = trpc.runs.get.queryKey({ id: run.id });
      if (!queryClient.getQueryData(key)) queryClient.setQueryData(key, run);
    }
    if (comparison) {
      const { first, second } = comparison;
      const key = trpc.runs.compare.queryKey({ first: first.id, second: second.id });
      if (!queryClient.getQueryData(key)) queryClient.setQueryData(key, comparison);
    }
    return true;
  });
  return children;
}
