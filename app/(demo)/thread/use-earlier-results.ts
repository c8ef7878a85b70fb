import { useEffect, useRef, type RefObject } from 'react';

/** How far above what is seen the next page is asked for, so that it is there when it is reached. */
const ahead = '1200px 0px 0px 0px';

interface Older {
  scrollRef: RefObject<HTMLElement | null>;
  hasMore: boolean;
  busy: boolean;
  load: () => void;
}

/**
 * Loads earlier results as the reader comes near to the oldest. The thread grows upwards from its lower
 * edge, so what is seen stays where it is.
 * @returns goes on the element above the oldest.
 */
export function useEarlierResults({
  scrollRef,
  hasMore,
  busy,
  load,
}: Older): RefObject<HTMLDivElement | null> {
  const edge = useRef<HTMLDivElement>(null);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  // Made anew after each page: an edge that is still near is told of once more.
  useEffect(() => {
    if (!hasMore || busy || !edge.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { root: scrollRef.current, rootMargin: ahead },
    );
    observer.observe(edge.current);
    return () => observer.disconnect();
  }, [scrollRef, hasMore, busy]);
  return edge;
}
