import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger as JobLogger, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import { LRUCache } from 'lru-cache';
import { openBlobs } from '../platform/blobs/open';
import type { BlobStore } from '../platform/blobs/store';
import { createDb } from '../platform/db/client';
import { listen } from '../platform/db/listen';
import { createDevice } from '../inference/device';
import type { InferenceHealth } from '../inference/health';
import type { Device } from '../../models/runtime/types';
import type { Logger } from '../platform/log/log';
import { createRecorder } from '../demo/estimates/record';
import {
  batchJob,
  demoJob,
  finishJob,
  leaderboardJob,
  pictureCheckJob,
  prepareJob,
  remakeJob,
  strayJob,
  sweepJob,
} from '../inference/queue/definition';
import { enginePool } from './engine-pool';
import { startHeartbeat, type Heartbeat } from './heartbeat';
import { addJob, cancelChannel, ticketFlag } from '../inference/queue/queue';

export interface WorkerOptions {
  databaseUrl: string;
  /** STUDIO_HOME: the blobs are below it. */
  home: string;
  modelDir: string;
  device: Device;
  /** Bytes that weights may take on it. */
  memory?: number;
  log: Logger;
  /** The inference child's module; the product's own by default. */
  childEntry?: string;
  /** Jobs that it takes; all by default. */
  only?: 'evaluation';
  blobs?: BlobStore;
  /** Days after which the history of a visitor who was not seen is removed; never by default. */
  historyDays?: number;
  /** After so long at the demo's queue one other job goes first, if one waits. */
  sliceMs?: number;
}

export interface StudioWorker {
  id: string;
  /** Resolves when the first load of the model went well or wrong. */
  modelSettled: Promise<void>;
  health: () => InferenceHealth;
  /** Puts the job in hand back into the queue and ends the child. Takes a second or two at most. */
  stop: () => Promise<void>;
  /** Rejects when the job engine ended by itself, and then only. */
  ended: Promise<void>;
}

const ownChild = path.join(import.meta.dirname, '../inference/child.ts');

/** How long the engine may take to let go where the database is away: it may never. */
const enginePatienceMs = 2000;

/**
 * Runs jobs until stopped, and goes on after the database was away.
 * @throws whatever goes wrong before it runs; nothing of it is left then
 */
export async function startWorker(options: WorkerOptions): Promise<StudioWorker> {
  const { databaseUrl, home, modelDir, log, childEntry = ownChild } = options;
  const id = randomUUID();
  const db = createDb(databaseUrl);
  const blobs = options.blobs ?? openBlobs(home);
  const stopping = new AbortController();
  const inHand = new Map<string, AbortController>();
  const locks: string[] = [];

  let heartbeat: Heartbeat | undefined;
  async function heartbeatNow() {
    await heartbeat?.beat();
  }
  const recorder = createRecorder(db, log);
  // Loaded while the device's process loads the model: whoever waits for a worker that died waits for both.
  const parts = Promise.all([
    import('../inference/registry'),
    import('../evaluation/measurers'),
    import('../evaluation/models'),
  ]);
  const device = createDevice({
    modelDir,
    device: options.device,
    memory: options.memory,
    entry: childEntry,
    log: log.child({ part: 'inference' }),
    onModel: ({ loadMs, ...model }) => {
      recorder.load({ hash: model.hash, device: options.device, ms: loadMs });
      const register = async () => {
        // One that only measures leaves the demo's choice alone.
        if (options.only !== 'evaluation') await (await parts)[0].activateRevision(db, model);
        await heartbeatNow();
      };
      register().catch((error: unknown) => log.error({ err: error }, 'the model could not be registered'));
    },
  });
  // From here on a database that is away is waited for; one that never was there is an error.
  const [[, { createMeasurers }, { underTestPool }]] = await Promise.all([
    parts,
    db.pool.query('SELECT 1'),
  ]).catch(async (error: unknown) => {
    await device.stop();
    await recorder.close();
    await db.close();
    throw error;
  });
  const models = underTestPool({ device, kind: options.device, memory: options.memory, log, childEntry });
  const measurers = createMeasurers(log.child({ part: 'evaluators' }));

  // What was sent while the connection was away is read from the rows instead.
  const cancelled = async () => {
    const { rows } = await db.pool.query<{ id: string }>(
      `SELECT id FROM generation WHERE worker_id = $1 AND state = 'cancelling'
       UNION SELECT id FROM evaluation_run WHERE id = ANY($2::uuid[]) AND state = 'cancelled'`,
      [id, [...inHand.keys()]],
    );
    for (const row of rows) wish(row.id);
  };
  // Kept for a job whose claim is not answered yet; those that were never for this worker are forgotten in time.
  const wishes = new LRUCache<string, true>({ max: 1000 });
  function wish(generationId: string) {
    const controller = inHand.get(generationId);
    if (controller) return controller.abort();
    wishes.set(generationId, true);
  }
  const cancels = listen(
    databaseUrl,
    [cancelChannel],
    (_channel, generationId) => wish(generationId),
    () => void cancelled().catch(() => undefined),
  );

  const events = new EventEmitter() as WorkerEvents;
  events.on('pool:create', ({ workerPool }) => locks.push(workerPool.id));
  let passOver = false;
  const letOthersFirst = () => {
    passOver = true;
  };
  const deps = {
    db,
    blobs,
    device,
    log,
    workerId: id,
    inHand,
    wishes,
    recorder,
    stopping: stopping.signal,
    letOthersFirst,
  };
  const evaluation: TaskList = {
    [batchJob.name]: async (payload) => {
      const { runBatch } = await import('./batch-handler');
      await runBatch({ ...deps, models, measurers }, batchJob.payload.parse(payload));
    },
    [finishJob.name]: async (payload) => {
      const { finishRun } = await import('./finish-handler');
      await finishRun({ db, log }, finishJob.payload.parse(payload).runId);
    },
    [leaderboardJob.name]: async (payload) => {
      const { computeTests } = await import('./leaderboard-handler');
      await computeTests({ db, log }, leaderboardJob.payload.parse(payload));
    },
  };
  const sweeping: TaskList = {
    [sweepJob.name]: async () => {
      const { sweep } = await import('./sweep-handler');
      await sweep({ ...deps, historyDays: options.historyDays });
    },
    [strayJob.name]: async () => {
      const { removeStrays } = await import('./sweep-handler');
      await removeStrays(deps);
    },
  };
  const engines: { runner: Runner; away: Promise<void> }[] = [];
  let sweepTimer: NodeJS.Timeout | undefined = undefined;
  let stopped: Promise<void> | null = null;
  const stop = () =>
    (stopped ??= (async () => {
      clearInterval(sweepTimer);
      stopping.abort();
      await Promise.all([device.stop(), models.stop(), measurers.stop()]);
      const done = new AbortController();
      const patience = () => wait(enginePatienceMs, undefined, { signal: done.signal });
      await Promise.all(
        engines.map(({ runner, away }) =>
          Promise.race([runner.stop(), away.then(patience)]).catch((error: unknown) =>
            log.warn({ err: error }, 'stopping'),
          ),
        ),
      );
      done.abort();
      await heartbeat?.stop();
      await cancels.close();
      await recorder.close();
      await db.close();
    })());
  const startEngine = async (taskList: TaskList, forbiddenFlags?: () => string[] | null) => {
    const { pool, away } = enginePool(db.pool, stopping.signal);
    const runner = await run({
      pgPool: pool,
      concurrency: 1,
      noHandleSignals: true,
      forbiddenFlags,
      events,
      logger: jobLogger(log),
      taskList,
    });
    engines.push({ runner, away });
  };

  try {
    // Beside the others: storing a data set takes a minute, and visitors do not wait for it. Sweeping waits for nobody
    // here, however many jobs lie ready.
    await startEngine({
      [prepareJob.name]: async (payload) => {
        const { prepareRun } = await import('./prepare-handler');
        await prepareRun(deps, prepareJob.payload.parse(payload).runId);
      },
      ...(options.only === 'evaluation' ? {} : sweeping),
    });
    await startEngine(
      options.only === 'evaluation'
        ? evaluation
        : {
            ...evaluation,
            [demoJob.name]: async () => {
              const { runTicket } = await import('./demo-handler');
              await runTicket({ ...deps, sliceMs: options.sliceMs });
            },
            [pictureCheckJob.name]: async (payload) => {
              const { checkPicture } = await import('./picture-check-handler');
              await checkPicture(deps, pictureCheckJob.payload.parse(payload));
            },
            [remakeJob.name]: async (payload) => {
              const { remakePicture } = await import('./remake-handler');
              const { hash, until = Infinity } = remakeJob.payload.parse(payload);
              // Nobody asked again for so long: whoever looked at it has left.
              if (Date.now() < until) await remakePicture({ ...deps, models }, hash);
            },
          },
      () => {
        const flags = passOver ? [ticketFlag] : null;
        passOver = false;
        return flags;
      },
    );
    heartbeat = startHeartbeat({
      ...{ db, log, workerId: id },
      inference: () => ({ ...device.health(), onlyMeasures: options.only === 'evaluation' }),
      lockIds: () => locks,
      inHand: () => inHand.keys(),
    });
    void device.settled.then(heartbeatNow);
    await Promise.all([heartbeat.beat(), cancels.ready]);
    await addJob(db.pool, sweepJob, {}, { key: 'sweep', priority: 10_000 });
  } catch (error) {
    await stop();
    throw error;
  }
  sweepTimer = setInterval(
    () => void addJob(db.pool, sweepJob, {}, { key: 'sweep', priority: 10_000 }).catch(() => undefined),
    10 * 60_000,
  );

  const ended = Promise.race(engines.map(({ runner }) => runner.promise)).then(() => {
    if (stopping.signal.aborted) return new Promise<never>(() => undefined);
    throw new Error('The job engine ended by itself.');
  });
  // For whoever wants to know.
  ended.catch(() => undefined);
  return { id, modelSettled: device.settled, health: device.health, ended, stop };
}

/** The engine's lines in our log. Its "completed task" lines are noise: the rows tell. */
function jobLogger(log: Logger): JobLogger {
  return new JobLogger(() => (level, message) => {
    const as = level === 'warning' ? 'warn' : level === 'error' ? 'error' : 'debug';
    log[as](message);
  });
}
