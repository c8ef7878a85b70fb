import { z } from 'zod';
import type { Db } from '../db/client';

/** What a worker tells of its inference child with each beat. */
export const inferenceHealthSchema = z.object({
  device: z.string(),
  /** `failed`: the last load went wrong, and `error` says why; the next job tries again. */
  state: z.enum(['starting', 'ready', 'failed']),
  model: z.string().nullable(),
  hash: z.string().nullable(),
  /** Resident memory of the child, in bytes. */
  rss: z.number().nullable(),
  error: z.string().nullable(),
  /** While it loads: since when, in milliseconds of the epoch. */
  loadingSince: z.number().nullable().default(null),
});
export type InferenceHealth = z.infer<typeof inferenceHealthSchema>;

/** A worker that has not beaten for so long is dead. */
export const deadAfterSeconds = 15;

export interface LiveWorker {
  id: string;
  hostname: string;
  beatAt: Date;
  inference: InferenceHealth;
}

export async function liveWorkers(db: Db): Promise<LiveWorker[]> {
  const { rows } = await db.pool.query<{ id: string; hostname: string; beat_at: Date; inference: unknown }>(
    `SELECT id, hostname, beat_at, inference FROM worker_heartbeat
     WHERE beat_at > now() - make_interval(secs => $1) ORDER BY started_at`,
    [deadAfterSeconds],
  );
  return rows.map((row) => ({
    id: row.id,
    hostname: row.hostname,
    beatAt: row.beat_at,
    inference: inferenceHealthSchema.parse(row.inference),
  }));
}
