import { useQuery } from '@tanstack/react-query';
import { useEffect, useReducer, useRef, useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { useTRPC, useTRPCClient } from '../../_trpc/client';
import { follow, type FollowState, type NumberedEvent } from '../../_trpc/follow-events';
import { isFinished, noJobEvents, reduceJobEvents } from './job-events';
import { useGenerationCache } from '../thread/use-generations';
import { isGone } from '../../_trpc/is-gone';
import { isPageVisible, onPageVisibility } from '../../_trpc/page-visibility';

/** Where a job stands, and when its result is expected: milliseconds from now, null while nothing was measured. */
export interface QueuePlace {
  position: number;
  total: number;
  low?: number | null;
  high?: number | null;
  coldStart?: boolean;
}

/**
 * Follows a job until its end: by the event stream where `stream` is true, else by asking now and then
 * (a browser opens few streams to one server at a time). The stream begins with the first event, so a
 * page that was reloaded knows as much as one that was not.
 */
export function useJobEvents(generation: GenerationView, stream: boolean) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const cache = useGenerationCache();
  const [live, take] = useReducer(reduceJobEvents, noJobEvents);
  const [connection, setConnection] = useState<FollowState>('connecting');
  const taken = useRef<string>(undefined);
  const active = !isFinished(generation.state) && !live.ended;
  const { id } = generation;
  const { put, remove } = cache;

  useEffect(() => {
    if (!active || !stream) return;
    return follow({
      after: taken.current,
      visible: isPageVisible(),
      listen: onPageVisibility,
      connect: (lastEventId, { onOpen, onEvent, onFailure }) => {
        const subscription = client.demo.events.subscribe(
          { id, lastEventId },
          {
            onStarted: onOpen,
            onData: (event) => onEvent(event as NumberedEvent),
            onError: (error) => onFailure(isGone(error)),
            onComplete: () => onFailure(false),
            onConnectionStateChange: ({ state, error }) => {
              if (state === 'connecting' && error) onFailure(isGone(error));
            },
          },
        );
        return () => subscription.unsubscribe();
      },
      onEvent: (event) => {
        taken.current = event.id;
        take(event);
        if (event.data.type === 'end') put(event.data.generation);
      },
      onState: (state) => {
        setConnection(state);
        if (state === 'refused') remove(id);
      },
    });
  }, [active, stream, id, client, put, remove]);

  const broken = active && stream && connection === 'broken';
  const waiting = active && (live.state ?? generation.state) === 'queued';
  const queue = useQuery(
    trpc.demo.queue.queryOptions(
      { id },
      { enabled: active, refetchInterval: waiting ? 1000 : 3000, staleTime: 0 },
    ),
  );

  const poll = useQuery(
    trpc.demo.get.queryOptions(
      { id },
      { enabled: active && (!stream || broken), refetchInterval: 1500, staleTime: 0 },
    ),
  );
  const polled = active ? poll.data : undefined;
  const gone = active && isGone(poll.error);
  useEffect(() => {
    if (polled && isFinished(polled.state)) put(polled);
    if (gone) remove(id);
  }, [polled, gone, id, put, remove]);

  const state = active ? (live.state ?? polled?.state ?? generation.state) : generation.state;
  return {
    live: active ? live : noJobEvents,
    lastPreview: live.preview,
    // "Cancelling" was asked for here, and the stream may still tell of steps before it.
    state: generation.state === 'cancelling' && !isFinished(state) ? ('cancelling' as const) : state,
    queue: active ? (queue.data as QueuePlace | undefined) : undefined,
    broken: stream ? broken : active && poll.failureCount > 0,
  };
}
