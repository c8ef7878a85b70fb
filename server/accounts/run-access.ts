import type pg from 'pg';
import { z } from 'zod';
import { atLeast, type Me } from './schema';
import { StudioError } from '../platform/errors/errors';

/** Who may read a run, and who may decide about that. Everything that reads runs or their samples goes by it. */

/** Who reads: null for the public, which is not told names of people, hosts, files and addresses either. */
export interface Reader {
  user: Pick<Me, 'id' | 'role'> | null;
}

/** SQL: whether the run `r` is published. The leaderboard shows these alone, to everybody. */
export const publishedSql = `r.visibility = 'published'`;

/**
 * SQL: whether a reader may read a run: everybody a published one, the team its own, a private one its owner and admins.
 * @param run what the statement calls it
 */
export function readableSql({ user }: Reader, run = 'r'): string {
  if (!user) return `${run}.visibility = 'published'`;
  if (atLeast(user.role, 'admin')) return 'true';
  return `(${run}.visibility <> 'private' OR ${run}.started_by = '${z.uuid().parse(user.id)}'::uuid)`;
}

export const noRun = () =>
  new StudioError('NOT_FOUND', 'This run doesn’t exist. It may have been removed.', { reason: 'NO_RUN' });

/** @throws StudioError NOT_FOUND for a run that is not there, or not for this reader: the two are told alike */
export async function needReadable(db: Pick<pg.Pool, 'query'>, reader: Reader, id: string): Promise<void> {
  const { rowCount } = await db.query(
    `SELECT 1 FROM evaluation_run r WHERE r.id = $1 AND ${readableSql(reader)}`,
    [id],
  );
  if (!rowCount) throw noRun();
}

/** Whether somebody decides who may read a run: an admin, and a reviewer about a run of their own. */
export const maySetVisibility = ({ user }: Reader, startedBy: string | null): boolean =>
  user !== null && (atLeast(user.role, 'admin') || (atLeast(user.role, 'reviewer') && user.id === startedBy));

/** Whether somebody names it: any reviewer who reads it; of a published one, which everybody reads, who may unpublish it. */
export const mayEdit = (reader: Reader, run: { startedBy: string | null; published: boolean }): boolean =>
  reader.user !== null &&
  atLeast(reader.user.role, 'reviewer') &&
  (!run.published || maySetVisibility(reader, run.startedBy));
