import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../_trpc/client';

/** The model behind the page. Asked for again until it is ready. */
export function useModel() {
  const trpc = useTRPC();
  return useQuery(
    trpc.demo.model.queryOptions(undefined, {
      staleTime: 60_000,
      refetchInterval: (query) => (query.state.data?.ready ? false : 2000),
    }),
  );
}
