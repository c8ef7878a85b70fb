import type pg from 'pg';
import type { z } from 'zod';
import type { JobDefinition } from './definition';

type Queryable = Pick<pg.Pool, 'query'>;

/** Adds a job in the caller's transaction. `key` makes it one of its kind: adding it again replaces it. */
export async function addJob<T extends z.ZodType>(
  db: Queryable,
  definition: JobDefinition<T>,
  payload: z.infer<T>,
  { key, priority = 0, afterSeconds = 0 }: { key: string; priority?: number; afterSeconds?: number },
): Promise<void> {
  await db.query(
    `SELECT graphile_worker.add_job($1, payload => $2::json, job_key => $3, priority => $4, max_attempts => $5,
       run_at => now() + make_interval(secs => $6))`,
    [
      definition.name,
      JSON.stringify(definition.payload.parse(payload)),
      key,
      priority,
      definition.maxAttempts,
      afterSeconds,
    ],
  );
}

/** Takes back a job that no worker has taken yet. */
export async function removeJob(db: Queryable, key: string): Promise<void> {
  await db.query(`SELECT graphile_worker.remove_job($1)`, [key]);
}

/** The channel on which a wish to cancel is sent: the id of the generation. */
export const cancelChannel = 'studio_cancel';
