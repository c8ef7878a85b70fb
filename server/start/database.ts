import { setTimeout as wait } from 'node:timers/promises';
import { oneLine } from '../platform/errors/errors';
import { createBackoff } from './backoff';
import { startPostgres, type PostgresOptions } from './postgres';

/** The built-in PostgreSQL, kept running. */
export interface SupervisedDatabase {
  url: string;
  stop: () => Promise<void>;
}

/**
 * Starts the built-in PostgreSQL, and again whenever it ends, for as long as it takes and always on the same port: its
 * users know the one address, and come back by themselves.
 * @throws StudioError when the first start fails
 */
export async function superviseDatabase(
  options: Omit<PostgresOptions, 'port' | 'signal'>,
  say: (line: string) => void,
): Promise<SupervisedDatabase> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let running = await startPostgres(options);
  const { url } = running;
  const again = { ...options, port: Number(new URL(url).port), signal };

  async function keep(): Promise<void> {
    const delayAfter = createBackoff();
    let told = '';
    for (let born = performance.now(); ; born = performance.now()) {
      await running.ended;
      if (signal.aborted) return;
      say('The database stopped; restarting it.');
      for (let lived = performance.now() - born; ; lived = 0) {
        await wait(delayAfter(lived), undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        try {
          running = await startPostgres(again);
          told = '';
          break;
        } catch (error) {
          if (signal.aborted) return;
          // Said once, not every ten seconds.
          if (oneLine(error) !== told) say(`✗ ${oneLine(error)} Retrying until it starts.`);
          told = oneLine(error);
        }
      }
    }
  }
  const kept = keep();

  return {
    url,
    async stop() {
      stopping.abort();
      await running.stop();
      await kept;
    },
  };
}
