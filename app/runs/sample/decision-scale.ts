import type { SampleDetail } from '@/server/evaluation/runs/schema';

export type Decision = SampleDetail['decisions'][number];

/**
 * The ends of the scale on which a decision is drawn: 0 to 1 for scores, wider where a value lies outside of it. Cosines
 * of colours lie so close together that theirs is a window about the threshold.
 */
export function scaleOf({ what, value, threshold, margin }: Decision): readonly [number, number] {
  if (what.startsWith('colour:')) {
    const reach = Math.max(0.05, Math.abs(margin) * 1.25);
    return [threshold - reach, threshold + reach];
  }
  return [Math.min(0, value, threshold), Math.max(1, value, threshold)];
}

/** Where a value lies on a scale, 0 to 1. */
export function placeOn([low, high]: readonly [number, number], value: number): number {
  if (!(high > low)) return 0.5;
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
