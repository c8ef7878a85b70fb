import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { StudioError } from '../errors/errors';
import { identityOf, lives } from '../processes/identity';

const neededBytes = 200e6;

/** Makes STUDIO_HOME and its folders. @throws StudioError NOT_WRITABLE, DISK_FULL */
export async function prepareHome(home: string): Promise<void> {
  try {
    await mkdir(path.join(home, 'logs'), { recursive: true });
    await mkdir(path.join(home, 'blobs'), { recursive: true });
    writeFileSync(path.join(home, '.write-test'), '');
    rmSync(path.join(home, '.write-test'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw diskFull(home, 0, error);
    throw new StudioError(
      'NOT_WRITABLE',
      `STUDIO_HOME ${home} cannot be written to (${code}). Give yourself the right to write there, or set STUDIO_HOME to another folder.`,
      { cause: error },
    );
  }
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize < neededBytes) throw diskFull(home, bavail * bsize);
}

function diskFull(home: string, free: number, cause?: unknown): StudioError {
  return new StudioError(
    'DISK_FULL',
    `The disk of STUDIO_HOME ${home} is full (${Math.round(free / 1e6)} MB free, ${neededBytes / 1e6} MB needed). Free some space, or set STUDIO_HOME to another disk.`,
    { cause },
  );
}

/**
 * Holds STUDIO_HOME for this process.
 * @returns gives it back.
 * @throws StudioError ALREADY_RUNNING
 */
export function lockHome(home: string): () => void {
  const file = path.join(home, 'studio.lock');
  const mine = identityOf(process.pid);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => {
        if (existsSync(file) && readFileSync(file, 'utf8') === mine) rmSync(file);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const held = readFileSync(file, 'utf8');
    if (lives(held))
      throw new StudioError(
        'ALREADY_RUNNING',
        `Nexus-Gen Studio already runs on ${home} (process ${held.split(' ')[0]}). Stop it first, or set STUDIO_HOME to another folder.`,
      );
    // Its holder was killed.
    rmSync(file, { force: true });
  }
  throw new StudioError('ALREADY_RUNNING', `Another start on ${home} is under way. Wait for it.`);
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
      `Port ${port} is taken by another program. Stop that program, or choose another port: PORT=${port < 65535 ? port + 1 : 3000} npm start`,
    );
  if (code === 'EACCES')
    return new StudioError(
      'PORT_TAKEN',
      `Port ${port} needs more rights. Choose one above 1023: PORT=3000 npm start`,
    );
  return new StudioError(
    'BAD_SETTING',
    `HOST is wrong: ${host} is not an address of this machine (${code}).`,
  );
}

/** Starts a log anew when it has grown large; the one before is kept. */
export async function logFile(home: string, name: string): Promise<string> {
  const file = path.join(home, 'logs', `${name}.log`);
  const size = await stat(file).then(
    (s) => s.size,
    () => 0,
  );
  if (size > 10e6) await rename(file, `${file}.1`);
  return file;
}
