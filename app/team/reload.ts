import { useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../_trpc/client';

/** Everything on the page is read anew: one act changes several of its lists. */
export function useReload(): () => Promise<void> {
  const trpc = useTRPC();
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: trpc.accounts.pathKey() });
}
