import { setTimeout as wait } from 'node:timers/promises';
import type { Db } from '../../platform/db/client';
import type { EventHub } from '../../platform/db/hub';
import { isConnectionError } from '../../platform/errors/errors';
import { countsOf } from '../sample-store';
import { noRun, readableSql, type Reader } from '../../accounts/run-access';
import { provisionalOf } from './provisional';
import { publicText } from './redact';
import type { RunProgress, RunState } from './schema';
import { throughOf } from './view';

/** At most two a second, however fast samples come. */
const pauseMs = 500;
/** What the rate is told over. */
const windowMs = 60_000;

const ends: readonly RunState[] = ['cancelled', 'done', 'failed'];

interface Seen {
  at: number;
  through: number;
}

/**
 * How a run goes: at once, then whenever something changed, up to and including its end. The row is the truth and a
 * notice only a bell, so nothing is lost while the database is away. Leaving the loop changes nothing about the run.
 * @throws StudioError NOT_FOUND when it is not there for this reader, or was removed or taken back meanwhile
 */
export async function* followRun(
  { db, hub, user }: { db: Db; hub: EventHub } & Reader,
  id: string,
  { signal, pause = pauseMs }: { signal?: AbortSignal; pause?: number } = {},
): AsyncGenerator<RunProgress> {
  const bell = hub.subscribe(id);
  let seen: Seen[] = [];
  let last = '';
  try {
    while (!signal?.aborted) {
      try {
        const { benchmark, ...read } = await readProgress(db, { user }, id);
        const { expected } = read.counts;
        const through = throughOf(benchmark, read.counts);
        seen = [...seen, { at: performance.now(), through }].filter(
          ({ at }, i, all) => i === all.length - 1 || at > performance.now() - windowMs,
        );
        // Time that it stands still is no time of work.
        if (read.state !== 'running') seen = [];
        const rate = rateOf(seen);
        const left = expected - through;
        const progress: RunProgress = {
          ...read,
          reason: read.reason === null || user ? read.reason : publicText(read.reason),
          headline: await provisionalOf(db, { id, benchmark, ...read, ...read.counts }),
          rate,
          secondsLeft: rate === null || rate === 0 || read.state !== 'running' ? null : left / rate,
        };
        const { rate: _, secondsLeft: __, ...told } = progress;
        const now = JSON.stringify(told);
        if (now !== last) yield progress;
        last = now;
        if (ends.includes(progress.state)) return;
        await wait(pause, undefined, { signal }).catch(() => undefined);
        await bell.next(signal);
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        await wait(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    bell.close();
  }
}

/** Samples a second between the first and the last look; null before there are two looks with something between them. */
function rateOf(seen: readonly Seen[]): number | null {
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last || last.at === first.at || last.through === first.through) return null;
  return (last.through - first.through) / ((last.at - first.at) / 1000);
}

async function readProgress(db: Db, reader: Reader, id: string) {
  const { rows } = await db.pool.query<{
    state: RunState;
    reason: string | null;
    preparing: boolean;
    expected: number;
    benchmark: string;
    generated: number;
    scored: number;
    failed: number;
    unscored: number;
    cached: number;
  }>(
    `SELECT r.state, r.reason, r.request IS NOT NULL AS preparing, r.item_count * r.repeats AS expected,
       b.name AS benchmark,
       c.generated, c.scored, c.failed, c.unscored, c.cached
     FROM evaluation_run r JOIN run_count c ON c.run_id = r.id
       JOIN benchmark_version d ON d.id = r.version_id JOIN benchmark b ON b.id = d.benchmark_id
     WHERE r.id = $1 AND ${readableSql(reader)}`,
    [id],
  );
  const row = rows[0];
  if (!row) throw noRun();
  const { state, reason, preparing, benchmark } = row;
  return { benchmark, state, reason, preparing, counts: countsOf(row, row.expected) };
}
