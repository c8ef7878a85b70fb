import type { InferenceResult } from '../../models/runtime/types';
import type { Db } from '../db/client';
import type { ClaimedJob } from '../demo/store';
import type { InferenceDevice } from '../inference/device';
import type { Logger } from '../log/log';
import { workOf } from './work';

/** Of each revision, device and kind the newest are kept. */
export const kept = 400;

interface RecordDeps {
  db: Db;
  device: Pick<InferenceDevice, 'health'>;
  log: Logger;
}

/** Notes how long a job took from claim to end. In the background: a note that fails costs nothing but a line in the log. */
export function noteJob(
  { db, device, log }: RecordDeps,
  job: ClaimedJob,
  result: InferenceResult,
  ms: number,
): void {
  const { hash, device: kind } = device.health();
  if (!hash) return;
  const work = workOf(job.task, job.parameters);
  if (work.task === 'understand' && result.kind === 'text') work.tokens = result.tokens;
  void writeDuration(db, { revisionHash: hash, device: kind, kind: 'job', work, ms }).catch(
    (error: unknown) => log.debug({ err: error }, 'a duration was not stored'),
  );
}

/** Notes how long a model took to load. In the background as well. */
export function noteLoad(db: Db, log: Logger, load: { hash: string; device: string; ms: number }): void {
  const { hash: revisionHash, device, ms } = load;
  void writeDuration(db, { revisionHash, device, kind: 'load', work: {}, ms }).catch((error: unknown) =>
    log.debug({ err: error }, 'a duration was not stored'),
  );
}

let written = 0;

export async function writeDuration(
  db: Db,
  row: { revisionHash: string; device: string; kind: 'job' | 'load'; work: object; ms: number },
): Promise<void> {
  await db.pool.query({
    name: 'write-duration',
    text: `INSERT INTO duration (revision_hash, device, kind, work, ms) VALUES ($1, $2, $3, $4, $5)`,
    values: [row.revisionHash, row.device, row.kind, JSON.stringify(row.work), row.ms],
  });
  // Not at every one: a few more than `kept` harm nobody.
  if (written++ % 50 === 49) await pruneDurations(db);
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
