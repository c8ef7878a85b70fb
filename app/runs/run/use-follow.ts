import { useEffect, useEffectEvent, useState } from 'react';
import type { RunProgress, RunState } from '@/server/evaluation/runs/schema';
import { retryDelay } from '../../_trpc/follow-events';
import { isPageVisible, onPageVisibility } from '../../_trpc/page-visibility';
import { useTRPCClient } from '../../_trpc/client';
import { isGone } from '../../_trpc/is-gone';

export const hasEnded = (state: RunState): boolean =>
  state === 'done' || state === 'cancelled' || state === 'failed';

interface FollowOptions {
  id: string;
  /** An ended run says nothing more. */
  state: RunState;
  /** Its data is being stored: it has no samples to expect. */
  preparing: boolean;
  /** It is in another state than the page knows, or gone. */
  onChange: () => void;
}

/**
 * What a run is doing, as its stream tells it, until it ends. A stream that breaks is opened again, later each time, and
 * at once when the page resumes; a page that nobody looks at has none.
 */
export function useFollow({ id, state, preparing, onChange }: FollowOptions) {
  const client = useTRPCClient();
  const [progress, setProgress] = useState<RunProgress | null>(null);
  const [broken, setBroken] = useState(false);
  const active = !hasEnded(state);
  const changed = useEffectEvent(onChange);
  const differs = useEffectEvent((next: RunProgress) => next.state !== state || next.preparing !== preparing);

  useEffect(() => {
    if (!active) return;
    let failures = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let close: (() => void) | undefined;
    let over = false;
    const leave = () => {
      clearTimeout(timer);
      close?.();
      close = undefined;
    };
    const failed = (error: unknown) => {
      if (over) return;
      leave();
      if (isGone(error)) {
        over = true;
        return changed();
      }
      setBroken(true);
      timer = setTimeout(open, retryDelay(failures++));
    };
    const open = () => {
      leave();
      const subscription = client.runs.follow.subscribe(
        { id },
        {
          onStarted: () => setBroken(false),
          onData: (next) => {
            failures = 0;
            setBroken(false);
            setProgress(next);
            if (hasEnded(next.state)) {
              over = true;
              leave();
            }
            if (differs(next)) changed();
          },
          onError: failed,
          onComplete: () => failed(null),
          onConnectionStateChange: ({ state: now, error }) => {
            if (now === 'connecting' && error) failed(error);
          },
        },
      );
      close = () => subscription.unsubscribe();
    };
    const unlisten = onPageVisibility({
      resume: () => {
        if (over || close) return;
        failures = 0;
        open();
      },
      pause: leave,
    });
    if (isPageVisible()) open();
    return () => {
      over = true;
      leave();
      unlisten();
    };
  }, [active, id, client]);

  // What was told before the page knew of the end is older than what the page has now.
  return {
    progress: active || (progress && hasEnded(progress.state)) ? progress : null,
    broken: active && broken,
  };
}
