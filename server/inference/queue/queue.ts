import type pg from 'pg';
import type { z } from 'zod';
import { demoJob, type JobDefinition } from './definition';

type Queryable = Pick<pg.Pool, 'query'>;

/**
 * Adds a job in the caller's transaction. `key` makes it one of its kind: adding it again replaces it, with `keepTime`
 * all of it but when it is due.
 */
export async function addJob<T extends z.ZodType>(
  db: Queryable,
  definition: JobDefinition<T>,
  payload: z.infer<T>,
  {
    key,
    priority = 0,
    afterSeconds = 0,
    keepTime = false,
    flags = null,
  }: { key: string; priority?: number; afterSeconds?: number; keepTime?: boolean; flags?: string[] | null },
): Promise<void> {
  await db.query(
    `SELECT graphile_worker.add_job($1, payload => $2::json, job_key => $3, priority => $4, max_attempts => $5,
       run_at => now() + make_interval(secs => $6), flags => $7, job_key_mode => $8)`,
    [
      definition.name,
      JSON.stringify(definition.payload.parse(payload)),
      key,
      priority,
      definition.maxAttempts,
      afterSeconds,
      flags,
      keepTime ? 'preserve_run_at' : 'replace',
    ],
  );
}

/** Removes jobs that nobody will try again and that have lain so for a day. @returns how many */
export async function removeDeadJobs(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `SELECT graphile_worker.complete_jobs(ARRAY(SELECT id FROM graphile_worker.jobs
       WHERE attempts >= max_attempts AND locked_at IS NULL AND updated_at < now() - interval '1 day'))`,
  );
  return rowCount ?? 0;
}

/** The flag of tickets, by which a worker can pass over them once. */
export const ticketFlag = 'demo';
const ticketKey = 'demo';

/**
 * SQL: whether no ticket lies ready. One that lies ready is taken after whatever is committed now, so it will do; one
 * that a worker holds may have looked at the queue already.
 */
const noTicket = `NOT EXISTS (SELECT 1 FROM graphile_worker.jobs
  WHERE key = '${ticketKey}' AND locked_at IS NULL AND run_at <= now() AND attempts < max_attempts)`;

/** SQL that adds a ticket if none lies ready; one row when it did. Knows of nothing that is not committed. */
export const issueTicket = `SELECT (graphile_worker.add_job('${demoJob.name}', payload => '{}'::json,
  job_key => '${ticketKey}', priority => 0, max_attempts => ${demoJob.maxAttempts}, flags => ARRAY['${ticketFlag}'])).id
  WHERE ${noTicket}`;

/**
 * Makes sure that somebody will look at the queue after what the caller committed. To be called after the commit: a
 * ticket that was seen before it may have been used up meanwhile.
 */
export async function ensureTicket(db: Queryable): Promise<void> {
  await db.query({ name: 'ensure-ticket', text: issueTicket });
}

/** The same if anything waits: for who finds a queue, not for who adds to it. */
export async function ensureTicketIfWaiting(db: Queryable): Promise<void> {
  await db.query(`${issueTicket} AND EXISTS (SELECT 1 FROM generation WHERE state = 'queued')`);
}

/** Whether jobs other than the demo's could run now: a long line at the demo must not hold them up for ever. */
export async function othersWait(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT 1 FROM graphile_worker.jobs WHERE task_identifier <> $1 AND locked_at IS NULL AND run_at <= now()
       AND attempts < max_attempts LIMIT 1`,
    [demoJob.name],
  );
  return (rowCount ?? 0) > 0;
}

/** The channel on which a wish to cancel is sent: the id of the generation. */
export const cancelChannel = 'studio_cancel';
