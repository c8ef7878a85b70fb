/**
 * The official script gets its detections as 32-bit arrays, and numpy compares such an array with a Python float in 32
 * bits: `float32(0.3) > 0.3` is false, although the 32-bit number is the larger one.
 */

export const float = Math.fround;

/** Whether a score counts by a threshold: strictly above it in 32 bits. */
export const isAbove = (score: number, threshold: number): boolean => float(score) > float(threshold);

/** How far a value lies above a threshold, below 0 if under it, and 0 where the two are one in 32 bits. */
export const marginOf = (value: number, threshold: number): number =>
  float(value) === float(threshold) ? 0 : value - threshold;
