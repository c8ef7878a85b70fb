/** Samples of a run. */
export interface Batch {
  runId: string;
  /** Samples from this one, counted over all items and their repeats … */
  from: number;
  /** … up to and without this one. */
  to: number;
}

/** One of its kind in the queue. */
export const batchKey = ({ runId, from }: Batch): string => `${runId}:${from}`;
