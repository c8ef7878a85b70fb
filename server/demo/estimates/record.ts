import type { InferenceResult } from '../../../models/runtime/types';
import type { Db } from '../../platform/db/client';
import type { InferenceHealth } from '../../inference/health';
import type { Logger } from '../../platform/log/log';
import type { Task } from '../schema';
import { workOf } from './work';

/** Of each revision, device and kind the newest are kept. */
export const kept = 400;

interface Row {
  revisionHash: string;
  device: string;
  kind: 'job' | 'load';
  work: object;
  ms: number;
}

/** Notes how long jobs and loads took. In the background: one that fails costs nothing but a line in the log. */
export interface Recorder {
  job(
    job: { task: Task; parameters: Record<string, number | string> },
    result: InferenceResult,
    health: InferenceHealth,
    ms: number,
  ): void;
  load(load: { hash: string; device: string; ms: number }): void;
  /** Writes what has gathered. */
  close(): Promise<void>;
}

/** What gathers in so long is written together. */
const gatherMs = 250;

export function createRecorder(db: Db, log: Logger): Recorder {
  let rows: Row[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let sincePruned = 0;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = rows;
    rows = [];
    if (batch.length === 0) return;
    sincePruned += batch.length;
    const prune = sincePruned >= 50;
    if (prune) sincePruned = 0;
    writing = writing
      .then(() => writeDurations(db, batch))
      .then(async () => void (prune && (await pruneDurations(db))))
      .catch((error: unknown) => log.debug({ err: error }, 'durations were not stored'));
  };
  const add = (row: Row) => {
    rows.push(row);
    timer ??= setTimeout(flush, gatherMs);
  };
  return {
    job(job, result, { hash, device }, ms) {
      if (!hash) return;
      const work = workOf(job.task, job.parameters);
      if (work.task === 'understand' && result.kind === 'text') work.tokens = result.tokens;
      add({ revisionHash: hash, device, kind: 'job', work, ms });
    },
    load: ({ hash, device, ms }) => add({ revisionHash: hash, device, kind: 'load', work: {}, ms }),
    close() {
      flush();
      return writing;
    },
  };
}

export async function writeDurations(db: Db, rows: readonly Row[]): Promise<void> {
  await db.pool.query(
    `INSERT INTO duration (revision_hash, device, kind, work, ms)
     SELECT * FROM jsonb_to_recordset($1) AS r("revisionHash" text, device text, kind text, work jsonb, ms float8)`,
    [JSON.stringify(rows)],
  );
}

/** Removes all but the newest. @returns how many. */
export async function pruneDurations(db: Db): Promise<number> {
  const { rowCount } = await db.pool.query(
    `DELETE FROM duration WHERE id IN (SELECT id FROM (
       SELECT id, row_number() OVER (PARTITION BY revision_hash, device, kind ORDER BY id DESC) AS nth FROM duration
     ) d WHERE nth > $1)`,
    [kept],
  );
  return rowCount ?? 0;
}
