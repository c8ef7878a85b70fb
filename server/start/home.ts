import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDiskFull, StudioError } from '../platform/errors/errors';
import { identityOf, lives } from '../platform/processes/identity';

const neededBytes = 200e6;

/**
 * Makes STUDIO_HOME and its folders, for their owner alone. One that is there already keeps its own rights, which may be
 * wanted for something else in it; what the studio keeps in it is narrowed.
 * @throws StudioError NOT_WRITABLE, DISK_FULL
 */
export async function prepareHome(home: string): Promise<void> {
  try {
    // PostgreSQL, which root runs as another user, has to pass to its data.
    await mkdir(home, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    for (const name of ['logs', 'blobs', 'thumbnails']) {
      await mkdir(path.join(home, name), { recursive: true, mode: 0o700 });
      await narrow(path.join(home, name), 0o700);
    }
    const logs = path.join(home, 'logs');
    for (const entry of await readdir(logs, { withFileTypes: true }))
      if (entry.isFile()) await narrow(path.join(logs, entry.name), 0o600);
    writeFileSync(path.join(home, '.write-test'), '');
    rmSync(path.join(home, '.write-test'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isDiskFull(error)) throw diskFull(home, 0, error);
    throw new StudioError(
      'NOT_WRITABLE',
      `STUDIO_HOME ${home} is not writable (${code}). Give yourself write permission, or set STUDIO_HOME to another folder.`,
      { cause: error },
    );
  }
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize < neededBytes) throw diskFull(home, bavail * bsize);
}

/** What is another user's stays as it is. */
const narrow = (place: string, mode: number) => chmod(place, mode).catch(() => undefined);

function diskFull(home: string, free: number, cause?: unknown): StudioError {
  return new StudioError(
    'DISK_FULL',
    `The disk of STUDIO_HOME ${home} is full (${Math.round(free / 1e6)} MB free, ${neededBytes / 1e6} MB needed). Free some space, or set STUDIO_HOME to another disk.`,
    { cause },
  );
}

/** A home that is held. */
export interface HeldHome {
  /** Gives it back. */
  release: () => void;
  /** Whether whoever held it before was killed: what that one had started may still be ending. */
  inherited: boolean;
}

/**
 * Holds STUDIO_HOME for this process.
 * @throws StudioError ALREADY_RUNNING
 */
export function lockHome(home: string): HeldHome {
  const file = path.join(home, 'studio.lock');
  const mine = identityOf(process.pid);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx', mode: 0o600 });
      const release = () => {
        if (existsSync(file) && readFileSync(file, 'utf8') === mine) rmSync(file);
      };
      return { release, inherited: attempt > 0 };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const held = holderOf(file);
    if (lives(held))
      throw new StudioError(
        'ALREADY_RUNNING',
        `Nexus-Gen Studio is already running on ${home} (process ${held.split(' ')[0]}). Stop it first, or set STUDIO_HOME to another folder.`,
      );
    // Its holder was killed.
    rmSync(file, { force: true });
  }
  throw new StudioError('ALREADY_RUNNING', `Another start on ${home} is in progress. Wait for it to finish.`);
}

/** '' where it was given back in the meantime. */
function holderOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '';
  }
}

/** How long what ended a moment ago may take to be gone: an orderly stop takes up to five seconds. */
const endingMs = 10_000;

/**
 * Does what may fail because of a process that is ending, and again until it is gone.
 * @param isTaken whether an error says that something is held
 * @param onWait runs once, at the first time that it is
 * @throws whatever else `work` throws, and the last error once ten seconds have passed
 */
export async function onceGone<T>(
  work: () => T | Promise<T>,
  isTaken: (error: unknown) => boolean,
  onWait: () => void = () => undefined,
): Promise<T> {
  const until = performance.now() + endingMs;
  for (let first = true; ; first = false) {
    try {
      return await work();
    } catch (error) {
      if (!isTaken(error) || performance.now() > until) throw error;
      if (first) onWait();
      await wait(100);
    }
  }
}

/** @throws StudioError PORT_TAKEN, BAD_SETTING */
export async function checkPort(port: number, host: string): Promise<void> {
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (!code) return;
  throw portError(code, port, host);
}

export function portError(code: string, port: number, host: string): StudioError {
  if (code === 'EADDRINUSE')
    return new StudioError(
      'PORT_TAKEN',
      `Port ${port} is in use by another program. Stop that program, or choose another port: PORT=${port < 65535 ? port + 1 : 3000} npm start`,
    );
  if (code === 'EACCES')
    return new StudioError(
      'PORT_TAKEN',
      `Port ${port} requires elevated privileges. Choose one above 1023: PORT=3000 npm start`,
    );
  return new StudioError(
    'BAD_SETTING',
    `HOST is invalid: ${host} is not an address of this machine (${code}).`,
  );
}

export const logFile = (home: string, name: string): string => path.join(home, 'logs', `${name}.log`);
