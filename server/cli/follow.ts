import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { clearProgress, progressBar } from '../../eval/cli/progress';
import { exitCodes, InputError } from '../../eval/cli/report';
import type { Device } from '../../models/runtime';
import { liveWorkers } from '../inference/health';
import { isConnectionError } from '../platform/errors/errors';
import { reapDeadWorkers } from '../worker/heartbeat';
import { untilReached } from '../inference/queue/retry';
import { startWorker, type StudioWorker } from '../worker/worker';
import { reportRun, type RunReport } from '../evaluation/report';
import { pauseRun } from '../evaluation/control';
import { countSamples } from '../evaluation/sample-store';
import { stateOf } from '../evaluation/run-store';
import type { CommandStudio } from './with-studio';

/** A run that finished although samples failed or could not be measured. */
export const someMissing = 3;

export interface FollowOptions {
  json?: boolean;
  /** Where this process's own worker runs models, if one is needed. */
  device: Device;
  modelDir: string;
}

/**
 * Waits for a run, with a bar, also while the database is away. Where no worker lives, this process is one. Ctrl-C
 * pauses the run.
 * @returns the exit code: 0; 1 for one that failed or was cancelled; 3 for one with failed or unscored samples; 130
 */
export async function followRun(
  studio: CommandStudio,
  id: string,
  options: FollowOptions,
): Promise<{ report: RunReport; code: number }> {
  const { db, databaseUrl, env, log, signal } = studio;
  const { device, modelDir } = options;
  let worker: StudioWorker | undefined;
  /** What a killed command left is taken over at once; a worker that goes away later is replaced by this process. */
  const ensureWorker = async () => {
    if (worker) return;
    await reapDeadWorkers(db, { log, self: randomUUID(), byAge: false });
    if ((await liveWorkers(db)).length > 0) return;
    const own = await startWorker({
      ...{ databaseUrl, home: env.home, modelDir, device, memory: env.memory, log },
      only: 'evaluation',
    });
    worker = own;
    // Another takes its place at the next turn.
    own.ended.catch(async (error: unknown) => {
      log.error({ err: error }, 'the job engine ended');
      await own.stop();
      if (worker === own) worker = undefined;
    });
  };
  let isAway = false;
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    const result = await untilReached(
      () =>
        work().catch((error: unknown) => {
          if (!isAway && isConnectionError(error)) {
            isAway = true;
            clearProgress();
            process.stderr.write('studio: the database is unavailable; waiting for it\n');
          }
          throw error;
        }),
      signal,
    ).catch((error: unknown) => {
      // Interrupted meanwhile.
      if (!isConnectionError(error)) throw error;
      const onward = `studio eval resume ${id.slice(0, 8)}`;
      throw new InputError(`The database is unavailable. The run is kept; resume it with: ${onward}`, {
        cause: error,
      });
    });
    isAway = false;
    return result;
  };
  const show = progressBar('measuring', options);
  const { expected } = (await reach(() => reportRun(db, id))).counts;
  let shown = -1;
  let pausedHere = false;
  try {
    for (let turn = 0; ; turn++) {
      // Every two seconds or so.
      if (turn % 10 === 0) await reach(ensureWorker);
      const state = await reach(() => stateOf(db, id));
      const { generated, missing } = await reach(() => countSamples(db, id, expected));
      const done = expected - missing - generated;
      if (done !== shown && done > 0) show((shown = done), expected);
      if (state !== 'running') break;
      if (signal.aborted) {
        await pauseRun(studio, id).catch(() => undefined);
        pausedHere = true;
        break;
      }
      await wait(200, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    clearProgress();
    await worker?.stop();
  }
  const report = await reach(() => reportRun(db, id));
  const { failed, unscored } = report.counts;
  const code =
    pausedHere && report.state === 'paused'
      ? exitCodes.interrupted
      : report.state !== 'done'
        ? exitCodes.failed
        : failed + unscored > 0
          ? someMissing
          : exitCodes.done;
  return { report, code };
}
