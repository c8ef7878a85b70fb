import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { InputError } from '../../eval/cli/report';
import { CancelledError } from '../../models/runtime';
import { openBlobs } from '../platform/blobs/open';
import type { BlobStore } from '../platform/blobs/store';
import { createDb, type Db } from '../platform/db/client';
import { checkConnection, migrate } from '../platform/db/migrate';
import { parseEnv, type Env } from '../platform/env/env';
import { oneLine, StudioError } from '../platform/errors/errors';
import { createLog, type Logger } from '../platform/log/log';
import { tellLogTrouble } from '../platform/log/file';
import { superviseDatabase } from '../start/database';
import { lockHome, logFile, prepareHome } from '../start/home';
import { builtInUrl } from '../start/postgres';

/** What a command works on. */
export interface CommandStudio {
  env: Env;
  databaseUrl: string;
  db: Db;
  blobs: BlobStore;
  log: Logger;
  /** Aborts on Ctrl-C or SIGTERM; what the command started is stopped all the same. */
  signal: AbortSignal;
}

export const root = path.join(import.meta.dirname, '../..');

/**
 * Works on the database: DATABASE_URL's, or that of a running `npm start`, or the built-in one, started for the
 * command and stopped after it.
 * @throws InputError for what the person can put right
 */
export async function withStudio<T>(work: (studio: CommandStudio) => Promise<T>): Promise<T> {
  const undo: (() => unknown)[] = [];
  const controller = new AbortController();
  const interrupt = () => controller.abort(new CancelledError());
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const env = parseEnv(process.env, root);
    await prepareHome(env.home);
    const databaseUrl = env.databaseUrl ?? (await builtIn(env, undo));
    if (env.databaseUrl) await checkConnection(env.databaseUrl);
    await migrate(databaseUrl, path.join(root, 'prisma/migrations'));
    const db = createDb(databaseUrl);
    undo.push(() => db.close());
    // Progress is shown by the command; the log goes where the others are.
    const log = createLog('eval', env.logLevel, logFile(env.home, 'eval'));
    const blobs = openBlobs(env.home);
    return await work({ env, databaseUrl, db, blobs, log, signal: controller.signal });
  } catch (error) {
    if (error instanceof StudioError) throw new InputError(oneLine(error), { cause: error });
    throw error;
  } finally {
    // Each is closed whatever becomes of the others, which the database may have taken with it.
    for (const step of undo.reverse())
      await (async () => step())().catch((error: unknown) => say(`closing: ${oneLine(error)}`));
    for (const signal of signals) process.off(signal, interrupt);
  }
}

const say = (line: string) => void process.stderr.write(`studio: ${line}\n`);

/** How long another command may take to start the database. */
const patienceMs = 20_000;

async function builtIn(env: Env, undo: (() => unknown)[]): Promise<string> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const running = await builtInUrl(env.home);
    const session = running === null ? null : await openSession(running);
    if (running !== null && session) {
      // One that a killed command left, and that nobody uses, is stopped and started by this one.
      if ((await othersOf(session)) > 0 || isHeld(env.home)) {
        undo.push(() => session.end());
        return running;
      }
      await session.end();
    }
    try {
      undo.push(lockHome(env.home).release);
      break;
    } catch (error) {
      // Another command, or `npm start`, is about to start it.
      const starting = error instanceof StudioError && error.code === 'ALREADY_RUNNING';
      if (!starting || performance.now() > until) throw error;
      await wait(200);
    }
  }
  const { url, stop } = await superviseDatabase(
    { home: env.home, logFile: logFile(env.home, 'database'), onLogTrouble: tellLogTrouble(say) },
    say,
  );
  undo.push(stop);
  // Where it cannot be asked, nobody uses it either.
  undo.push(() => othersDone(url).catch(() => undefined));
  return url;
}

/** A session, by which whoever started the database sees that it is used; null where there is no database. */
async function openSession(url: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Its owner may have looked a moment before and be stopping it: then this session ends now.
    await wait(200);
    await client.query('SELECT 1');
    return client;
  } catch {
    await client.end().catch(() => undefined);
    return null;
  }
}

const othersOf = async (client: pg.Client): Promise<number> => {
  const { rowCount } = await client.query(
    `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  return rowCount ?? 0;
};

/** Whether a living process holds the folder, as whoever started its database does. */
function isHeld(home: string): boolean {
  try {
    lockHome(home).release();
    return false;
  } catch {
    return true;
  }
}

/** Waits while other commands use the database that this one started. */
async function othersDone(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (let said = false; ; said = true) {
      if ((await othersOf(client)) === 0) return;
      if (!said) say('waiting for another command that uses the database');
      await wait(500);
    }
  } finally {
    await client.end();
  }
}
