import type pg from 'pg';
import type { Me } from '../accounts/schema';
import { refusals } from './refusals';

export interface Person {
  id: string;
  name: string;
}

/** SQL: whether the account `u` may review. One whose role was taken away, or that is disabled, may not. */
export const mayReview = `u.disabled_at IS NULL AND u.role <> 'viewer'`;

/** Who can be assigned: reviewers and admins, by name. */
export async function reviewersOf(db: Pick<pg.Pool, 'query'>): Promise<Person[]> {
  const { rows } = await db.query<Person>(
    `SELECT u.id, u.name FROM account_user u WHERE ${mayReview} ORDER BY lower(u.name), u.id`,
  );
  return rows;
}

/** @throws StudioError BAD_REQUEST where one of them cannot review */
export async function checkReviewers(
  db: Pick<pg.ClientBase, 'query'>,
  ids: readonly string[],
): Promise<void> {
  const { rows } = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM account_user u WHERE u.id = ANY($1::uuid[]) AND ${mayReview}`,
    [ids],
  );
  if (rows[0]?.n !== new Set(ids).size) throw refusals.notReviewers();
}

/** SQL: whether a queue `q` is for the person `user` (a placeholder): one without assignees is for everybody. */
export const isFor = (user: string) => `(NOT EXISTS (SELECT 1 FROM review_assignee x WHERE x.queue_id = q.id)
  OR EXISTS (SELECT 1 FROM review_assignee x WHERE x.queue_id = q.id AND x.user_id = ${user}))`;

/** Whether somebody may close and change a queue. */
export const mayChange = (user: Me, createdBy: string): boolean =>
  user.role === 'admin' || user.id === createdBy;
