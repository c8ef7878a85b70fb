import { useQuery } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useReducer } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { useTRPC } from '../../_trpc/client';
import type { NumberedEvent } from '../../_trpc/follow-events';
import { isFinished, noJobEvents, reduceJobEvents, type JobEvents } from '../result/job-events';
import { useGenerationCache } from '../thread/use-generations';

/** A grid, asked for again until every cell has ended; what the thread knows already is taken from it. */
export function useGrid(gridId: string, known: GenerationView[]) {
  const trpc = useTRPC();
  const cache = useGenerationCache();
  const query = useQuery(
    trpc.grids.get.queryOptions(
      { id: gridId },
      {
        staleTime: 5000,
        refetchInterval: ({ state }) =>
          state.data?.generations.every((cell) => isFinished(cell.state)) ? false : 1000,
      },
    ),
  );
  const ended = new Map(known.filter((cell) => isFinished(cell.state)).map((cell) => [cell.id, cell]));
  const cells = (query.data?.generations ?? known).map((cell) =>
    isFinished(cell.state) ? cell : (ended.get(cell.id) ?? cell),
  );

  // The thread's own list is told of what ended.
  const { put } = cache;
  const fresh = query.data?.generations;
  useEffect(() => {
    for (const cell of fresh ?? []) {
      const before = known.find((one) => one.id === cell.id);
      if (before && !isFinished(before.state) && isFinished(cell.state)) put(cell);
    }
  }, [fresh, known, put]);

  return { grid: query.data, cells, error: query.error, refetch: query.refetch };
}

/** The steps and previews of the cell that runs, by its event stream; its end is told by `onEnd`. */
export function useCellProgress(id: string | null, onEnd: () => void): JobEvents {
  const trpc = useTRPC();
  const [live, take] = useReducer(
    (state: { id: string | null; live: JobEvents }, next: { id: string; event: NumberedEvent }) => ({
      id: next.id,
      live: reduceJobEvents(state.id === next.id ? state.live : noJobEvents, next.event),
    }),
    { id: null, live: noJobEvents },
  );
  useSubscription(
    trpc.demo.events.subscriptionOptions(
      { id: id ?? '' },
      {
        enabled: id !== null,
        onData: (event) => {
          const numbered = event as NumberedEvent;
          if (id) take({ id, event: numbered });
          if (numbered.data.type === 'end') onEnd();
        },
      },
    ),
  );
  return live.id === id ? live.live : noJobEvents;
}
