import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../_trpc/client';

/** The model behind the page. Asked for again until it is ready, and while parts of it are loading. */
export function useModel() {
  const trpc = useTRPC();
  return useQuery(
    trpc.demo.model.queryOptions(undefined, {
      staleTime: 60_000,
      refetchInterval: (query) => {
        const { ready = false, memory = null } = query.state.data ?? {};
        return ready && !memory?.loading.length ? false : 2000;
      },
    }),
  );
}
