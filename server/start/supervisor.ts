import path from 'node:path';
import { ModelError } from '../../models/runtime/errors';
import { loadManifest } from '../../models/runtime/manifest';
import { parseEnv, type Env } from '../platform/env/env';
import { foreseen, StudioError } from '../platform/errors/errors';
import { buildPages, generateClient } from './build';
import { supervise, type Supervised } from './children';
import { tellLogTrouble } from '../platform/log/file';
import { typescriptFlags } from '../platform/processes/typescript';
import { checkPort, lockHome, logFile, onceGone, prepareHome } from './home';

/** `npm start`, once the packages are there. */

const root = path.join(import.meta.dirname, '../..');
const say = (line: string) => console.log(`  ${line}`);
const onLogTrouble = tellLogTrouble(say);
/** Together below the five seconds that Ctrl-C may take; PostgreSQL needs the rest. */
const patienceMs = 2500;

export async function start({ dev }: { dev: boolean }): Promise<void> {
  const env = parseEnv(process.env, root);
  await prepareHome(env.home);
  const isTaken = (error: unknown) =>
    error instanceof StudioError && (error.code === 'ALREADY_RUNNING' || error.code === 'PORT_TAKEN');
  let waited = false;
  const held = await onceGone(
    () => lockHome(env.home),
    isTaken,
    () => {
      waited = true;
      say(`Waiting for processes on ${env.home} to stop …`);
    },
  );
  process.on('exit', held.release);
  // What the one before started may hold the port a little longer than that one itself lived.
  const isEnding = waited || held.inherited;
  await onceGone(
    () => checkPort(env.port, env.host),
    (error) => isEnding && isTaken(error),
  );

  const undo: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | null = null;
  const stopAll = () =>
    (stopping ??= (async () => {
      for (const step of undo.reverse()) await step().catch((error: unknown) => console.error(error));
    })());
  const onSignal = () => {
    if (stopping) return;
    say('Stopping …');
    void stopAll().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

  try {
    console.log('\n  Nexus-Gen Studio\n');
    const { checkConnection, migrate } = await import('../platform/db/migrate');
    if (env.databaseUrl) await checkConnection(env.databaseUrl);
    const model = await loadManifest(env.modelDir).catch((error: unknown) => {
      if (error instanceof ModelError)
        throw new StudioError('MODEL_INVALID', error.message, { cause: error });
      throw error;
    });
    await generateClient(root);
    if (!dev) await buildPages(root, say, env.basePath);

    const databaseUrl = env.databaseUrl ?? (await builtInDatabase(env, undo));
    const applied = await migrate(databaseUrl, path.join(root, 'prisma/migrations'));
    if (applied.length > 0) say(`Database: applied ${applied.join(', ')}`);
    await seed(databaseUrl, env.modelDir, model);
    say(`Model: ${model.manifest.name} ${model.manifest.version} on ${env.device}`);

    const children = await startChildren(env, databaseUrl, dev);
    undo.push(async () => {
      await Promise.all(children.map((child) => child.stop(patienceMs)));
    });
    const [, workerNote] = await Promise.all(children.map((child) => child.ready));
    if (workerNote) say(`! ${workerNote}`);
    if (stopping) return;
    const address = `http://${shownHost(env.host)}:${env.port}${env.basePath}`;
    await offerFirstAccount(databaseUrl, address);
    say(`\n  Nexus-Gen Studio is ready at ${address}\n`);
  } catch (error) {
    if (stopping) return;
    await stopAll();
    throw foreseen(error) ?? error;
  }
}

async function builtInDatabase(env: Env, undo: (() => Promise<void>)[]): Promise<string> {
  const { superviseDatabase } = await import('./database');
  const { url, stop } = await superviseDatabase(
    { home: env.home, logFile: logFile(env.home, 'database'), onLogTrouble },
    say,
  );
  undo.push(stop);
  return url;
}

/**
 * Registers the model, so that the page can describe it before a worker has loaded it, the published results, and the
 * model's own recorded runs.
 */
async function seed(
  databaseUrl: string,
  modelDir: string,
  model: Awaited<ReturnType<typeof loadManifest>>,
): Promise<void> {
  const [{ createDb }, { activateRevision }, { seedPublished }, { seedRecorded }] = await Promise.all([
    import('../platform/db/client'),
    import('../inference/registry'),
    import('../evaluation/published/seed'),
    import('../evaluation/recorded/seed'),
  ]);
  const db = createDb(databaseUrl, { max: 2 });
  try {
    await activateRevision(db, model);
    await seedPublished(db);
    await seedRecorded(db, modelDir);
  } finally {
    await db.close();
  }
}

/** Said here alone and written to no log: whoever has the link becomes the admin. */
async function offerFirstAccount(databaseUrl: string, address: string): Promise<void> {
  const [{ createDb }, { firstLink }] = await Promise.all([
    import('../platform/db/client'),
    import('../accounts/invitations'),
  ]);
  const db = createDb(databaseUrl, { max: 1 });
  try {
    const token = await firstLink(db);
    if (token)
      say(
        `No accounts yet. Create the first admin account with this link (works once, for 7 days): ${address}/join/${token}`,
      );
  } finally {
    await db.close();
  }
}

async function startChildren(env: Env, databaseUrl: string, dev: boolean): Promise<Supervised[]> {
  const settings: NodeJS.ProcessEnv = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    STUDIO_HOME: env.home,
    MODEL_DIR: env.modelDir,
    EVALUATORS_DIR: env.evaluatorsDir,
    DEVICE: env.device,
    PORT: String(env.port),
    HOST: env.host,
    BASE_PATH: env.basePath,
    EMBED_ORIGINS: env.embedOrigins,
    LOG_LEVEL: env.logLevel,
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: dev ? 'development' : 'production',
  };
  const web = supervise(
    {
      name: 'web server',
      command: [process.execPath, 'server/start/web.mjs'],
      cwd: root,
      env: settings,
      logFile: logFile(env.home, 'web'),
      onLogTrouble,
    },
    say,
  );
  const worker = supervise(
    {
      name: 'worker',
      command: [process.execPath, ...typescriptFlags, 'server/start/worker-main.ts'],
      cwd: root,
      env: settings,
      logFile: logFile(env.home, 'worker'),
      onLogTrouble,
    },
    say,
  );
  return [web, worker];
}

const shownHost = (host: string) =>
  ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host;
