import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../_trpc/client';

/** A worker tells every three seconds that it lives, and is taken for dead after fifteen. */
const lookAgainMs = 5000;

/**
 * Which workers are online, looked at again while somebody waits for one.
 * @param waiting whether anything on the page waits for a worker
 * @returns undefined while unknown
 */
export function useWorkers(waiting: boolean): { any: boolean; serves: boolean } | undefined {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.images.workers.queryOptions(undefined, { enabled: waiting, refetchInterval: lookAgainMs }),
  );
  return waiting ? data : undefined;
}
