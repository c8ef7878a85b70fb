'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { makeApiClient, TRPCProvider } from './client';
import { RereadingQueryClient } from './rereading-query-client';
import { refusalData } from './refusal-data';

/** Waiting helps against a lost connection or a server that restarts, not against a refusal. */
const isRefusal = (error: unknown) => (refusalData(error)?.httpStatus ?? 500) < 500;

const makeQueryClient = () =>
  new RereadingQueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (_count, error) => !isRefusal(error),
        retryDelay: (count) => Math.min(4000, 400 * 2 ** count),
        // The server can be on this very machine: "offline" then means nothing.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });

export function ApiProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [apiClient] = useState(makeApiClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={apiClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
