import { z } from 'zod';
import type { Db } from '../platform/db/client';

const sizedSchema = z.object({ name: z.string(), bytes: z.number() });

/** Which graphs are on a device: `Loaded` of models/runtime. */
const graphsSchema = z.object({
  graphs: z.array(sizedSchema),
  loading: z.array(sizedSchema.extend({ since: z.number() })),
  tooLarge: z.array(sizedSchema),
  limit: z.number().nullable(),
});

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
  /** Null before anything of it is known. */
  graphs: graphsSchema.nullable().default(null),
});
export type InferenceHealth = z.infer<typeof inferenceHealthSchema>;

/** What a worker tells with each beat. */
const beatSchema = inferenceHealthSchema.extend({
  /** It takes only what measures: neither jobs of the demo nor pictures that are drawn again. */
  onlyMeasures: z.boolean().default(false),
});
export type WorkerBeat = z.infer<typeof beatSchema>;

/** A worker that has not beaten for so long is dead. */
export const deadAfterSeconds = 15;

export interface LiveWorker {
  id: string;
  hostname: string;
  beatAt: Date;
  inference: WorkerBeat;
}

/** Whether a worker lives that would take what a visitor waits for: jobs of the demo, and pictures to be drawn again. */
export async function isServed(db: Db): Promise<boolean> {
  return (await presence(db)).serves;
}

/** Which workers live: any, which is enough for runs, and one that also serves visitors. */
export async function presence(db: Db): Promise<{ any: boolean; serves: boolean }> {
  const workers = await liveWorkers(db);
  return { any: workers.length > 0, serves: workers.some(({ inference }) => !inference.onlyMeasures) };
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
    inference: beatSchema.parse(row.inference),
  }));
}
