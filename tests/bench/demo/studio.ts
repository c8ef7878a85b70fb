/** The web server of a production build, a worker and a PostgreSQL of their own, as processes. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { loadManifest } from '../../../models/runtime/manifest';
import { createDb, type Db } from '../../../server/platform/db/client';
import { migrate } from '../../../server/platform/db/migrate';
import { liveWorkers } from '../../../server/inference/health';
import { activateRevision } from '../../../server/inference/registry';
import { buildPages, generateClient } from '../../../server/start/build';
import { startPostgres } from '../../../server/start/postgres';
import { lockedBy } from '../../../server/start/postmaster';
import { typescriptFlags } from '../../../server/platform/processes/typescript';
import { migrationsFolder } from '../../support/database';
import { root, tinyModel } from '../../support/paths';

const hook = path.join(import.meta.dirname, 'memory-hook.mjs');
/** BENCH_PROFILE names a folder into which web server and worker write a CPU profile each. */
const profiles = process.env.BENCH_PROFILE;
const profiling = profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];

export interface WebMemory {
  rss: number;
  /** Live objects and buffers. */
  used: number;
}

export interface DemoStudio {
  db: Db;
  url: string;
  /** Pictures are below it. */
  home: string;
  port: number;
  /** Starts a worker: with the stub that returns at once, or with the real model. */
  worker(model: 'stub' | 'nano'): Promise<ChildProcess>;
  /** Ends the web server at once, as a crash would, and starts another. Resolves when it is ready. */
  restartWeb(): Promise<void>;
  webMemory(): Promise<WebMemory>;
  /** Milliseconds of processor time spent so far, by whom; `visitors` is the load generator itself. */
  processorTime(): Promise<Record<'web' | 'workers' | 'database' | 'visitors', number>>;
}

/** Of a process and all below it (Linux). Its ticks are of 10 ms. */
async function spentBy(pid: number | null | undefined): Promise<number> {
  if (!pid) return 0;
  try {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    // Its own time in user and kernel, and that of children which have ended.
    const own = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0) * 10;
    const below = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))
      .trim()
      .split(' ')
      .filter(Boolean);
    const others = await Promise.all(below.map((child) => spentBy(Number(child))));
    return others.reduce((sum, ms) => sum + ms, own);
  } catch {
    // Ended meanwhile, or no Linux.
    return 0;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** PostgreSQL waits for the disk as in the product; rates are not limited, all else is as delivered. */
export async function withStudio<T>(work: (studio: DemoStudio) => Promise<T>): Promise<T> {
  await generateClient(root);
  await buildPages(root, (line) => console.error(line));
  const home = await mkdtemp(path.join(tmpdir(), 'bench-demo-'));
  const postgres = await startPostgres({ home, logFile: path.join(home, 'database.log') });
  const children: ChildProcess[] = [];
  let web: ChildProcess | undefined;
  await migrate(postgres.url, migrationsFolder);
  const db = createDb(postgres.url);
  const port = await freePort();
  const env = {
    ...process.env,
    ...{ DATABASE_URL: postgres.url, STUDIO_HOME: home, PORT: String(port), HOST: '127.0.0.1' },
    ...{ NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', LOG_LEVEL: 'warn' },
    ...{ JOBS_PER_MINUTE: '0', JOBS_PER_MINUTE_ADDRESS: '0', UPLOADS_PER_MINUTE: '0', MAX_WAITING: '1000' },
  } as NodeJS.ProcessEnv;
  const startWeb = async () => {
    const started = fork(path.join(root, 'server/start/web.mjs'), [], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--expose-gc', '--import', hook, ...profiling],
    });
    web = started;
    const [message] = (await once(started, 'message')) as [{ type: string; message?: string }];
    if (message.type !== 'ready') throw new Error(message.message ?? 'The web server did not start.');
  };
  try {
    await activateRevision(db, { manifest: (await loadManifest(tinyModel)).manifest, hash: 'a'.repeat(64) });
    await startWeb();
    return await work({
      db,
      url: postgres.url,
      home,
      port,
      async worker(model) {
        const entry = model === 'stub' ? 'tests/support/stub-worker.ts' : 'server/start/worker-main.ts';
        const child = fork(path.join(root, entry), [postgres.url, home], {
          cwd: root,
          env,
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
          execArgv: [...typescriptFlags, ...(profiling.length > 0 ? ['--import', hook, ...profiling] : [])],
        });
        children.push(child);
        for (let tries = 0; tries < 600; tries++) {
          const ready = (await liveWorkers(db)).some(({ inference }) => inference.state === 'ready');
          if (ready) return child;
          await wait(100);
        }
        throw new Error('A worker did not come up.');
      },
      async restartWeb() {
        const gone = once(web!, 'exit');
        web!.kill('SIGKILL');
        await gone;
        await startWeb();
      },
      async processorTime() {
        const { user, system } = process.cpuUsage();
        const workers = await Promise.all(children.map(({ pid }) => spentBy(pid)));
        return {
          web: await spentBy(web?.pid),
          workers: workers.reduce((sum, ms) => sum + ms, 0),
          database: await spentBy(lockedBy(path.join(home, 'database'))),
          visitors: (user + system) / 1000,
        };
      },
      async webMemory() {
        const answer = once(web!, 'message') as Promise<[WebMemory]>;
        web!.send('memory');
        return (await answer)[0];
      },
    });
  } finally {
    await Promise.all([...children, web].map(end));
    await db.close();
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}
