import type pg from 'pg';
import { expect, test, vi } from 'vitest';
import { enginePool } from './engine-pool';

const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const client = (query: () => Promise<unknown>) => ({ query, release: () => undefined });
const poolOf = (connect: () => Promise<unknown>) => ({ connect, ending: false }) as unknown as pg.Pool;

test('a connection is waited for while the database is away', async () => {
  const connect = vi.fn<() => Promise<unknown>>().mockRejectedValueOnce(refused());
  connect.mockResolvedValue(client(() => Promise.resolve('answer')));
  const { pool } = enginePool(poolOf(connect), new AbortController().signal);
  expect(await (await pool.connect()).query('SELECT 1')).toBe('answer');
  expect(connect).toHaveBeenCalledTimes(2);
});

test('one that breaks is told as what the engine asks again after, and other errors as they are', async () => {
  const pool = (error: Error) =>
    enginePool(
      poolOf(() => Promise.resolve(client(() => Promise.reject(error)))),
      new AbortController().signal,
    );
  const query = async (error: Error) => (await pool(error).pool.connect()).query('SELECT 1');
  await expect(query(refused())).rejects.toMatchObject({ code: '57P03' });
  await expect(query(Object.assign(new Error('syntax'), { code: '42601' }))).rejects.toMatchObject({
    code: '42601',
  });
});

test('once the worker stops, what cannot be had is never answered, so that nothing is rejected unheard', async () => {
  const stopping = new AbortController();
  const { pool, away } = enginePool(
    poolOf(() => Promise.reject(refused())),
    stopping.signal,
  );
  const answered = vi.fn();
  pool.connect().then(answered, answered);
  stopping.abort();
  await away;
  // All that was to come of it has come by then.
  await new Promise((resolve) => setImmediate(resolve));
  expect(answered).not.toHaveBeenCalled();
});
