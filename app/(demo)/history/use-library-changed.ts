import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTRPC } from '../../_trpc/client';

/** After results came or went: everything that lists them is asked for again. */
export function useLibraryChanged(): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useCallback(() => {
    void queryClient.invalidateQueries(trpc.demo.list.pathFilter());
    void queryClient.invalidateQueries(trpc.history.pathFilter());
  }, [queryClient, trpc]);
}
