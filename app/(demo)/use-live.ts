import { useQuery } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useReducer, useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { useTRPC } from '../_trpc/client';
import { isFinished, noLive, reduceLive, type NumberedEvent } from './live';
import { useGenerationCache } from './use-generations';

/**
 * Follows a job until its end: by the event stream where `stream` is true, else by asking now and then
 * (a browser opens few streams to one server at a time). The stream begins with the first event, so a
 * page that was reloaded knows as much as one that was not.
 */
export function useLive(generation: GenerationView, stream: boolean) {
  const trpc = useTRPC();
  const cache = useGenerationCache();
  const [live, take] = useReducer(reduceLive, noLive);
  const active = !isFinished(generation.state) && !live.ended;
  const { id } = generation;

  const subscription = useSubscription(
    trpc.demo.events.subscriptionOptions(
      { id },
      {
        enabled: active && stream,
        onData: (event) => {
          const numbered = event as NumberedEvent;
          take(numbered);
          if (numbered.data.type === 'end') cache.put(numbered.data.generation);
        },
      },
    ),
  );
  const { status, error, reset } = subscription;
  const broken = active && stream && (status === 'error' || (status === 'connecting' && error !== null));

  // The browser gives a stream up when the server answers with an error, as it does while it starts again.
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!active || !stream || status !== 'error') return;
    const timer = setTimeout(
      () => {
        setAttempt((count) => count + 1);
        reset();
      },
      Math.min(5000, 500 * 2 ** attempt),
    );
    return () => clearTimeout(timer);
  }, [active, stream, status, attempt, reset]);

  const waiting = active && (live.state ?? generation.state) === 'queued';
  const queue = useQuery(
    trpc.demo.queue.queryOptions({ id }, { enabled: waiting, refetchInterval: 1000, staleTime: 0 }),
  );

  const poll = useQuery(
    trpc.demo.get.queryOptions(
      { id },
      { enabled: active && (!stream || broken), refetchInterval: 1500, staleTime: 0 },
    ),
  );
  const polled = active ? poll.data : undefined;
  const put = cache.put;
  useEffect(() => {
    if (polled && isFinished(polled.state)) put(polled);
  }, [polled, put]);

  const state = active ? (live.state ?? polled?.state ?? generation.state) : generation.state;
  return {
    live: active ? live : noLive,
    lastPreview: live.preview,
    // "Cancelling" was asked for here, and the stream may still tell of steps before it.
    state: generation.state === 'cancelling' && !isFinished(state) ? ('cancelling' as const) : state,
    queue: waiting ? queue.data : undefined,
    broken: broken || poll.failureCount > 0,
  };
}
