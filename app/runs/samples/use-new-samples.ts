import { useEffect, useEffectEvent, useState } from 'react';
import type { Samples } from './use-samples';

/** The first page is asked for again no more often than this while a run goes on. */
const againMs = 3000;

/**
 * New samples of a run that goes on. `stamp` is another one whenever something came or changed. As long as one page was read they come by themselves; whoever has read further
 * is told that there are new ones, and nothing moves under their eyes.
 */
export function useNewSamples({ data, dataUpdatedAt, isFetching, restart }: Samples, stamp: string) {
  const [seen, setSeen] = useState({ at: dataUpdatedAt, stamp });
  // What was found was found when so many were there.
  if (seen.at !== dataUpdatedAt) setSeen({ at: dataUpdatedAt, stamp });
  const behind = data !== undefined && stamp !== seen.stamp;
  const onePage = (data?.pages.length ?? 0) <= 1;
  const again = useEffectEvent(restart);
  useEffect(() => {
    if (!behind || !onePage || isFetching) return;
    const timer = setTimeout(again, againMs);
    return () => clearTimeout(timer);
  }, [behind, onePage, isFetching]);
  return {
    waiting: behind && !onePage,
    show: () => {
      window.scrollTo({ top: 0 });
      restart();
    },
  };
}
