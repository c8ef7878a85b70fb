import type pg from 'pg';

/**
 * Runs work in one transaction: all of it happens, or nothing.
 * @returns what the work returns
 * @throws whatever it throws, after the rollback
 */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((e: Error) => (broken = e));
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * One transaction of statements that need nothing of each other's results: sent together, so that it takes one round trip.
 * @returns their results, in order
 * @throws what the first that failed threw; nothing has happened then.
 */
export async function transactionOf(
  pool: pg.Pool,
  statements: readonly pg.QueryConfig[],
): Promise<pg.QueryResult[]> {
  const client = await pool.connect();
  // After a failure the database takes COMMIT for ROLLBACK.
  const results = await Promise.allSettled([
    client.query('BEGIN'),
    ...statements.map((statement) => client.query(statement)),
    client.query('COMMIT'),
  ]);
  const failed = results.find((result) => result.status === 'rejected');
  client.release(results.at(-1)?.status === 'rejected' ? true : undefined);
  if (failed) throw failed.reason;
  return results.slice(1, -1).flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
