import { useEffect } from 'react';

/** The name of the measures from a decision to the painted next item; and of the mark that begins one. */
export const nextMeasure = 'review-next';
const decided = 'review-decided';

export const markDecision = () => performance.mark(decided);

/**
 * Measures how long the next item takes from the key or the click until its pictures are painted, as entries of the
 * browser's performance timeline.
 */
export function useNextTime(taskId: string | null, stage: () => HTMLElement | null): void {
  useEffect(() => {
    if (taskId === null || performance.getEntriesByName(decided).length === 0) return;
    let stale = false;
    const pictures = [...(stage()?.querySelectorAll('img') ?? [])];
    const painted = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    void Promise.all(pictures.map((picture) => picture.decode().catch(() => undefined)))
      .then(painted)
      .then(() => {
        if (stale || performance.getEntriesByName(decided).length === 0) return;
        performance.measure(nextMeasure, decided);
        performance.clearMarks(decided);
      });
    return () => {
      stale = true;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- measured once an item
  }, [taskId]);
}
