import { hostname } from 'node:os';
import type pg from 'pg';
import type { Db } from '../platform/db/client';
import { transaction } from '../platform/db/transaction';
import { moveState } from '../demo/jobs/store';
import { deadAfterSeconds, type WorkerBeat } from '../inference/health';
import type { Logger } from '../platform/log/log';
import { identityOf, lives, machine } from '../platform/processes/identity';
import { ensureTicketIfWaiting } from '../inference/queue/queue';

const beatEveryMs = 3000;
/** Less than the time between two beats, whose timers are not exact. */
const lostAfterMs = 0.8 * beatEveryMs;

export interface Heartbeat {
  /** Writes a beat now, e.g. after the model was loaded. */
  beat: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Tells every few seconds that this worker lives, and takes over from workers that no longer do. */
export function startHeartbeat(options: {
  db: Db;
  log: Logger;
  workerId: string;
  lockIds: () => string[];
  inference: () => WorkerBeat;
  /** Ids of the generations that it works on. */
  inHand?: () => Iterable<string>;
}): Heartbeat {
  const { db, log, workerId, inHand = () => [] } = options;
  let forgotten: ReadonlyMap<string, number> = new Map();
  let beatingSince: number | undefined;
  let tail: Promise<void> = Promise.resolve();
  let stopped = false;

  async function once() {
    if (stopped) return;
    try {
      await db.pool.query(
        `INSERT INTO worker_heartbeat (id, hostname, pid, machine, process, lock_ids, inference)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET beat_at = now(), lock_ids = $6, inference = $7`,
        [
          ...[workerId, hostname(), process.pid, machine(), identityOf(process.pid)],
          ...[options.lockIds(), JSON.stringify(options.inference())],
        ],
      );
      beatingSince ??= performance.now();
      // After the database was away everybody's beat is old: give the others time to beat first.
      const patient = performance.now() - beatingSince > deadAfterSeconds * 1000;
      await reapDeadWorkers(db, { log, self: workerId, byAge: patient });
      if (patient) await takeFromUnknown(db, log);
      forgotten = await takeBackForgotten(db, { log, workerId, inHand: [...inHand()], before: forgotten });
      // A process that was killed between its commit and its ticket left the queue without one.
      await ensureTicketIfWaiting(db.pool);
    } catch (error) {
      beatingSince = undefined;
      log.warn({ err: error }, 'heartbeat failed');
    }
  }
  const beat = () => (tail = tail.then(once));
  const timer = setInterval(beat, beatEveryMs);
  void beat();
  return {
    beat,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await tail;
      await db.pool.query('DELETE FROM worker_heartbeat WHERE id = $1', [workerId]).catch(() => undefined);
    },
  };
}

/**
 * Returns the jobs of dead workers to the queue: those whose beat is too old (`byAge`), and those of this machine
 * whose process is gone, even where another has its number by now.
 * @returns the ids of the dead.
 */
export async function reapDeadWorkers(
  db: Db,
  { log, self, byAge }: { log: Logger; self: string; byAge: boolean },
): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string; process: string | null; local: boolean; old: boolean }>(
    `SELECT id, process, coalesce(machine = $2, false) AS local, beat_at < now() - make_interval(secs => $3) AS old
     FROM worker_heartbeat WHERE id <> $1`,
    [self, machine(), deadAfterSeconds],
  );
  const dead = rows
    .filter((w) => (byAge && w.old) || (w.local && w.process !== null && !lives(w.process)))
    .map((w) => w.id);
  for (const id of dead) {
    const jobs = await transaction(db.pool, async (client) => {
      // Whoever deletes the row does the rest; a beat that came meanwhile keeps it.
      const gone = await client.query<{ lock_ids: string[] }>(
        `DELETE FROM worker_heartbeat WHERE id = $1 RETURNING lock_ids`,
        [id],
      );
      const held = await client.query<{ id: string }>(
        `SELECT id FROM generation WHERE worker_id = $1 AND state IN ('running', 'cancelling') FOR UPDATE`,
        [id],
      );
      await putBack(client, held.rows);
      await client.query('SELECT graphile_worker.force_unlock_workers($1)', [gone.rows[0]?.lock_ids ?? []]);
      await client.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
      return held.rows.length;
    });
    await ensureTicketIfWaiting(db.pool);
    log.warn({ worker: id, jobs }, 'a worker died; its jobs run again');
  }
  return dead;
}

/** Of a worker that is gone: a job whose cancelling was asked for has ended, the others wait again. */
async function putBack(client: pg.PoolClient, jobs: readonly { id: string }[]): Promise<void> {
  for (const { id } of jobs) {
    await moveState(client, id, { from: ['cancelling'], to: 'cancelled' });
    await moveState(client, id, { from: ['running'], to: 'queued' });
  }
}

/**
 * Returns what is held by workers that nobody knows to the queue: one that was killed between its first job and its
 * first beat left no row by which it could be found dead.
 * @returns how many jobs of visitors
 */
export async function takeFromUnknown(db: Db, log: Logger): Promise<number> {
  const jobs = await transaction(db.pool, async (client) => {
    const held = await client.query<{ id: string }>(
      `SELECT id FROM generation g WHERE state IN ('running', 'cancelling')
         AND started_at < now() - make_interval(secs => $1)
         AND NOT EXISTS (SELECT 1 FROM worker_heartbeat h WHERE h.id = g.worker_id) FOR UPDATE SKIP LOCKED`,
      [deadAfterSeconds],
    );
    await putBack(client, held.rows);
    await client.query(
      `SELECT graphile_worker.force_unlock_workers(ARRAY(SELECT DISTINCT locked_by FROM graphile_worker.jobs j
         WHERE locked_at < now() - make_interval(secs => $1)
           AND NOT EXISTS (SELECT 1 FROM worker_heartbeat h WHERE j.locked_by = ANY(h.lock_ids))))`,
      [deadAfterSeconds],
    );
    return held.rows.length;
  });
  if (jobs > 0) {
    await ensureTicketIfWaiting(db.pool);
    log.warn({ jobs }, 'a worker died before it registered; its jobs run again');
  }
  return jobs;
}

/**
 * Puts back jobs that a living worker holds by their rows and does not work on: it failed between taking one and
 * beginning it, or in writing its end. One that was taken a moment ago may not be in hand yet, so it is put back when it
 * is found so at two beats in a row, with about the time between two beats between them: a beat that waited, or one out
 * of turn, may follow at once.
 * @param before what was found at the beat before, and when it was found first (performance.now)
 * @returns the same of this one
 */
export async function takeBackForgotten(
  db: Db,
  options: { log: Logger; workerId: string; inHand: string[]; before: ReadonlyMap<string, number> },
): Promise<Map<string, number>> {
  const { log, workerId, inHand, before } = options;
  const now = performance.now();
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM generation WHERE worker_id = $1 AND state IN ('running', 'cancelling') AND id <> ALL($2::uuid[])`,
    [workerId, inHand],
  );
  const found = new Map(rows.map(({ id }) => [id, before.get(id) ?? now]));
  for (const [id, first] of found) {
    if (now - first < lostAfterMs) continue;
    // The attempt counts: a job that is lost again and again is given up in the end.
    const moved =
      (await moveState(db.pool, id, { from: ['cancelling'], to: 'cancelled' })) ||
      (await moveState(db.pool, id, { from: ['running'], to: 'queued' }));
    if (moved) log.warn({ generationId: id }, 'a job that this worker had lost runs again');
  }
  return found;
}
