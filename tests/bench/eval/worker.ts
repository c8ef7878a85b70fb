/**
 * The stub worker, in a process that tells its memory when it is asked: `worker.ts DATABASE_URL HOME`, with an IPC channel
 * and --expose-gc. The resident memory is as it is; live objects are counted after a collection.
 */
import '../../support/stub-worker';

export interface Memory {
  resident: number;
  live: number;
}

process.on('message', (collect: boolean) => {
  const { rss } = process.memoryUsage();
  if (collect) (globalThis as { gc?: () => void }).gc?.();
  const told: Memory = { resident: rss, live: process.memoryUsage().heapUsed };
  process.send?.(told);
});
