import type { Sweep } from '@/server/evaluation/runs/schema';

export type SweepPoint = Sweep['points'][number];

/** The place of the point whose threshold is nearest to the one wanted; of two as near, the lower one. -1 without points. */
export function nearestPoint(points: readonly Pick<SweepPoint, 'threshold'>[], wanted: number): number {
  let best = -1;
  let distance = Infinity;
  for (const [i, { threshold }] of points.entries()) {
    const away = Math.abs(threshold - wanted);
    if (away < distance - 1e-12) [best, distance] = [i, away];
  }
  return best;
}

/** The point with the highest overall figure; of several, the one nearest to the present threshold. */
export function bestPoint<P extends Pick<SweepPoint, 'threshold' | 'overall'>>(
  points: readonly P[],
  current: number,
): P | null {
  const highest = Math.max(...points.map(({ overall }) => overall));
  const best = points.filter(({ overall }) => overall >= highest - 1e-12);
  return best[nearestPoint(best, current)] ?? null;
}
