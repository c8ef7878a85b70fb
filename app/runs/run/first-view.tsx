'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { RunDetail, SampleFilter, SampleList } from '@/server/evaluation/runs/schema';
import { useTRPC } from '../../_trpc/client';

interface FirstViewProps {
  /** Null where the server could not read it: the page asks by itself. */
  run: RunDetail | null;
  samples: {
    input: { runId: string; filter: SampleFilter; limit: number };
    page: SampleList | null;
  } | null;
  children: ReactNode;
}

/** Hands what the server read to the queries before they ask, so that the first picture is whole. */
export function RunFirstView({ run, samples, children }: FirstViewProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  useState(() => {
    if (run) {
      const key = trpc.runs.get.queryKey({ id: run.id });
      if (!queryClient.getQueryData(key)) queryClient.setQueryData(key, run);
    }
    if (samples?.page) {
      const key = trpc.runs.samples.infiniteQueryKey(samples.input);
      if (!queryClient.getQueryData(key))
        queryClient.setQueryData(key, { pages: [samples.page], pageParams: [null] });
    }
    return true;
  });
  return children;
}
