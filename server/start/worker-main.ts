/** A worker process: the one of `npm start`, or a further one (`npm run worker`). */
import { whenParentGone } from './parent.mjs';
import { parseEnv } from '../platform/env/env';
import { oneLine, StudioError } from '../platform/errors/errors';
import { startWorker } from '../worker/worker';
import { createLog } from '../platform/log/log';
import type { ChildMessage } from './children';
import { explainConnection } from '../platform/db/migrate';
import { builtInUrl } from './postgres';

const tell = (message: ChildMessage) =>
  new Promise<void>((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));

async function main(): Promise<void> {
  const env = parseEnv(process.env);
  const log = createLog('worker', env.logLevel);
  const databaseUrl = env.databaseUrl ?? (await builtInUrl(env.home));
  if (!databaseUrl)
    throw new StudioError(
      'BAD_SETTING',
      'DATABASE_URL is not set, and STUDIO_HOME has no built-in database. Set DATABASE_URL, or run `npm start` first.',
    );
  const worker = await startWorker({ ...env, historyDays: env.limits.historyDays, databaseUrl, log }).catch(
    (error: unknown) => {
      throw explainConnection(error, databaseUrl);
    },
  );
  const stop = () => void worker.stop().then(() => process.exit(0));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  whenParentGone(stop);
  worker.ended.catch(async (error: unknown) => {
    log.fatal({ err: error }, 'the job engine ended');
    process.exit(1);
  });
  await worker.modelSettled;
  const { state, error, device } = worker.health();
  await tell({
    type: 'ready',
    note: state === 'failed' ? (error ?? 'the model could not be loaded') : undefined,
  });
  if (!process.send) console.log(`  A worker is ready on ${device}. Ctrl-C stops it.`);
}

main().catch(async (error: unknown) => {
  await tell({ type: 'fatal', message: oneLine(error) });
  if (!process.send) console.error(`✗ ${oneLine(error)}`);
  process.exit(1);
});
