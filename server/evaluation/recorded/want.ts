import type pg from 'pg';
import { remakeJob, remakePriority } from '../../jobs/definition';

/**
 * Asks the workers to make pictures of recorded runs, in this order. One that is there already costs them a look at the
 * store, one that was asked for before nothing.
 */
export async function wantPictures(db: Pick<pg.Pool, 'query'>, hashes: readonly string[]): Promise<void> {
  await db.query(
    `SELECT count(graphile_worker.add_job($1, payload => json_build_object('hash', hash), job_key => 'remake:' || hash,
       priority => $2, max_attempts => $3)) FROM unnest($4::text[]) AS wanted(hash)`,
    [remakeJob.name, remakePriority, remakeJob.maxAttempts, hashes],
  );
}
