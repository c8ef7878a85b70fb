import type pg from 'pg';
import type { Db } from '../platform/db/client';
import { evaluationPriority, leaderboardJob } from '../inference/queue/definition';
import { addJob } from '../inference/queue/queue';

/** Tests between runs: stored by a job, read by the page. */

/** What the runs of one measured board have in common. */
export interface BoardKey {
  versionId: string;
  fingerprint: string;
}

export interface TestResult {
  test: 'mcnemar' | 'paired bootstrap';
  /** Items that both have scored. */
  items: number;
  /** Mean of second − first; null where no item is common. */
  difference: number | null;
  p: number | null;
}

/** One board's tests are one job. */
const keyOf = ({ fingerprint }: BoardKey): string => `leaderboard-tests:${fingerprint}`;

/** Gives a board's missing tests to the workers. */
export async function addTests(db: Pick<pg.Pool, 'query'>, board: BoardKey): Promise<void> {
  await addJob(db, leaderboardJob, board, { key: keyOf(board), priority: evaluationPriority });
}

/** The same unless they have them already: for who finds tests missing. */
export async function askForTests(db: Db, boards: readonly BoardKey[]): Promise<void> {
  if (boards.length === 0) return;
  const { rows } = await db.pool.query<{ key: string }>(
    `SELECT key FROM graphile_worker.jobs WHERE key = ANY($1) AND attempts < max_attempts`,
    [boards.map(keyOf)],
  );
  const waiting = new Set(rows.map(({ key }) => key));
  for (const board of boards) if (!waiting.has(keyOf(board))) await addTests(db.pool, board);
}

/** Reads what is known of pairs. @returns by both ids, the smaller one first */
export async function readTests(
  db: Db,
  runs: readonly string[],
): Promise<Map<string, { items: number; p: number | null }>> {
  if (runs.length < 2) return new Map();
  const { rows } = await db.pool.query<{ first: string; second: string; items: number; p: number | null }>(
    `SELECT first_id AS first, second_id AS second, items, p FROM leaderboard_test
     WHERE first_id = ANY($1::uuid[]) AND second_id = ANY($1::uuid[])`,
    [runs],
  );
  return new Map(rows.map(({ first, second, items, p }) => [pairKey(first, second), { items, p }]));
}

export const pairKey = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

/** Stores a test, unless it is there or one of the runs was removed meanwhile. */
export async function writeTest(db: Db, a: string, b: string, result: TestResult): Promise<void> {
  const [first, second] = a < b ? [a, b] : [b, a];
  const difference = result.difference === null || a < b ? result.difference : -result.difference;
  await db.pool.query(
    `INSERT INTO leaderboard_test (first_id, second_id, test, items, difference, p)
     SELECT $1, $2, $3, $4, $5, $6
     WHERE (SELECT count(*) FROM evaluation_run WHERE id IN ($1, $2)) = 2
     ON CONFLICT (first_id, second_id) DO NOTHING`,
    [first, second, result.test, result.items, difference, result.p],
  );
}
