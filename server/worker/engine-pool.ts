import type pg from 'pg';
import { isConnectionError } from '../platform/errors/errors';
import { untilReached } from '../inference/queue/retry';

/** What the job engine waits and asks again after, a few seconds later. */
const cannotConnectNow = '57P03';

export interface EnginePool {
  pool: pg.Pool;
  /** Resolves when something was asked for that is never answered. */
  away: Promise<void>;
}

/**
 * The pool as the job engine sees it. The engine does not wait for the answer when it notes the end of a job, and knows
 * few of the ways in which a database goes away: any other error would end the process as an unhandled rejection. So a
 * connection is waited for while the database is away, one that breaks is told as what the engine asks again after, and
 * once the worker stops, what cannot be had then is never answered.
 */
export function enginePool(pool: pg.Pool, stopping: AbortSignal): EnginePool {
  let giveUp!: () => void;
  const away = new Promise<void>((resolve) => (giveUp = resolve));
  async function connect(): Promise<pg.PoolClient> {
    try {
      return asking(await untilReached(() => pool.connect(), stopping));
    } catch (error) {
      if (!stopping.aborted && !pool.ending) throw error;
      giveUp();
      return new Promise(() => undefined);
    }
  }
  const seen = Object.create(pool) as pg.Pool;
  // With a callback it is the engine's listener, which has patience of its own.
  seen.connect = ((callback?: Parameters<pg.Pool['connect']>[0]) =>
    callback ? pool.connect(callback) : connect()) as pg.Pool['connect'];
  return { pool: seen, away };
}

function asking(client: pg.PoolClient): pg.PoolClient {
  const seen = Object.create(client) as pg.PoolClient;
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  seen.query = (async (...args: unknown[]) => {
    try {
      return await query(...args);
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      throw Object.assign(new Error((error as Error).message, { cause: error }), { code: cannotConnectNow });
    }
  }) as pg.PoolClient['query'];
  return seen;
}
