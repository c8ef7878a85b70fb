import path from 'node:path';
import { InputError } from '../../../eval/cli/report';
import { diskBlobs } from '../../blobs/disk';
import type { BlobStore } from '../../blobs/store';
import { createDb, type Db } from '../../db/client';
import { checkConnection, migrate } from '../../db/migrate';
import { parseEnv, type Env } from '../../env/env';
import { oneLine, StudioError } from '../../errors/errors';
import { createLog, type Logger } from '../../log/log';
import { lockHome, logFile, prepareHome } from '../../start/home';
import { builtInUrl, startPostgres } from '../../start/postgres';

/** What a command works on. */
export interface CommandStudio {
  env: Env;
  databaseUrl: string;
  db: Db;
  blobs: BlobStore;
  log: Logger;
}

export const root = path.join(import.meta.dirname, '../../..');

/**
 * Works on the database: DATABASE_URL's, or that of a running `npm start`, or the built-in one, started for the
 * command and stopped after it.
 * @throws InputError for what the person can put right
 */
export async function withStudio<T>(work: (studio: CommandStudio) => Promise<T>): Promise<T> {
  const undo: (() => unknown)[] = [];
  try {
    const env = parseEnv(process.env, root);
    if (!env.databaseUrl) await prepareHome(env.home);
    const databaseUrl = env.databaseUrl ?? (await builtIn(env, undo));
    if (env.databaseUrl) await checkConnection(env.databaseUrl);
    await migrate(databaseUrl, path.join(root, 'prisma/migrations'));
    const db = createDb(databaseUrl);
    undo.push(() => db.close());
    // Progress is shown by the command; a log would only disturb it.
    const log = createLog('studio', 'silent');
    return await work({ env, databaseUrl, db, blobs: diskBlobs(path.join(env.home, 'blobs')), log });
  } catch (error) {
    if (error instanceof StudioError) throw new InputError(oneLine(error), { cause: error });
    throw error;
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

async function builtIn(env: Env, undo: (() => unknown)[]): Promise<string> {
  const running = await builtInUrl(env.home);
  const reached =
    running !== null &&
    (await checkConnection(running).then(
      () => true,
      () => false,
    ));
  if (reached) return running;
  undo.push(lockHome(env.home));
  const started = await startPostgres({ home: env.home, logFile: await logFile(env.home, 'database') });
  undo.push(() => started.stop());
  return started.url;
}
