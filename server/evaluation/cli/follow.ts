import { setTimeout as wait } from 'node:timers/promises';
import { clearProgress, progressBar } from '../../../eval/cli/progress';
import { exitCodes } from '../../../eval/cli/report';
import type { Device } from '../../../models/runtime';
import { liveWorkers } from '../../inference/health';
import { startWorker } from '../../jobs/worker';
import { reportRun, type RunReport } from '../report';
import { pauseRun } from '../service';
import { countSamples } from '../sample-store';
import { stateOf } from '../run-store';
import type { CommandStudio } from './studio';

/** A run that finished although samples failed or could not be measured. */
export const someMissing = 3;

export interface FollowOptions {
  json?: boolean;
  /** Where this process's own worker runs models, if one is needed. */
  device: Device;
  modelDir: string;
}

/**
 * Waits for a run, with a bar. Where no worker lives, this process is one. Ctrl-C pauses the run.
 * @returns the exit code: 0; 1 for one that failed or was cancelled; 3 for one with failed or unscored samples; 130
 */
export async function followRun(
  studio: CommandStudio,
  id: string,
  options: FollowOptions,
): Promise<{ report: RunReport; code: number }> {
  const { db, databaseUrl, env, log } = studio;
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  const others = await liveWorkers(db);
  const { device, modelDir } = options;
  const worker =
    others.length > 0
      ? null
      : await startWorker({ databaseUrl, home: env.home, modelDir, device, log, only: 'evaluation' });
  const show = progressBar('measuring', options);
  const { expected } = (await reportRun(db, id)).counts;
  let shown = -1;
  try {
    for (;;) {
      const state = await stateOf(db, id);
      const { generated, missing } = await countSamples(db, id, expected);
      const done = expected - missing - generated;
      if (done !== shown && done > 0) show((shown = done), expected);
      if (state !== 'running') break;
      if (interrupted) {
        await pauseRun(studio, id).catch(() => undefined);
        break;
      }
      await wait(200);
    }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
    clearProgress();
    await worker?.stop();
  }
  const report = await reportRun(db, id);
  const { failed, unscored } = report.counts;
  const code = interrupted
    ? exitCodes.interrupted
    : report.state !== 'done'
      ? exitCodes.failed
      : failed + unscored > 0
        ? someMissing
        : exitCodes.done;
  return { report, code };
}
