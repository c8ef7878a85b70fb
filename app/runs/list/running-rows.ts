import type { RunRow } from '@/server/evaluation/runs/schema';

/**
 * The rows of the list with what was heard since of those that run. A run that is known to run but was not among those
 * that run the last time has ended, or was paused: the list has to be asked for it again.
 */
export function withRunning(
  rows: readonly RunRow[],
  running: readonly RunRow[] | undefined,
): { rows: RunRow[]; stale: boolean } {
  if (!running) return { rows: [...rows], stale: false };
  const live = new Map(running.map((row) => [row.id, row]));
  const stale = rows.some((row) => row.state === 'running' && !live.has(row.id));
  return { rows: rows.map((row) => live.get(row.id) ?? row), stale };
}
