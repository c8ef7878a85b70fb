import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, isThere } from '../platform/processes/identity';

/**
 * PostgreSQL's lock of its data folder, `postmaster.pid`. PostgreSQL takes any living process of its user that has the
 * number in it for the server, and does not start. Here it is looked what that process is.
 */

const lockOf = (data: string): string => path.join(data, 'postmaster.pid');

/** Above what a system gives to processes. */
const nobody = 2 ** 31 - 1;

/**
 * Makes way for a server on the data folder: a server that outlived its `npm start` (which was killed) ends, and so do
 * the sessions of one that was killed itself, which hold its memory for as long as they compute; and a lock whose number
 * is no server's any more no longer names it. Nothing is done about a process of which it cannot be seen what it is.
 * @param serves whether a server that can be reached says that it serves this folder
 */
export async function clearLock(data: string, serves: () => Promise<boolean>): Promise<void> {
  const pid = lockedBy(data);
  if (pid !== null) {
    const holder = (await serves()) ? 'this folder’s server' : whoIs(pid, data);
    // What else works on the folder is then its.
    if (holder === 'unknown') return;
    if (holder === 'this folder’s server') await end(pid, ['SIGINT', 'SIGQUIT', 'SIGKILL']);
    // PostgreSQL asks only whether something has the number, as one that ended has until its parent takes note.
    if (holder === 'another program' || (isThere(pid) && !isAlive(pid))) await disown(data, pid);
  }
  // What its own server sends them when a session crashes: nothing is written, and the next start recovers.
  await Promise.all(serversOn(data).map((left) => end(left, ['SIGQUIT', 'SIGKILL'])));
}

/** How long a process has for one signal before the next, stronger one. */
const patienceMs = 5000;

async function end(pid: number, signals: NodeJS.Signals[]): Promise<void> {
  for (const signal of signals) {
    // Gone by itself, or another user's: PostgreSQL then says what holds the folder.
    attempt(() => process.kill(pid, signal));
    for (const until = performance.now() + patienceMs; isAlive(pid); await wait(20))
      if (performance.now() > until) break;
    if (!isAlive(pid)) return;
  }
}

/** The rest of the file stays: by it PostgreSQL looks whether memory of the last server is still in use. */
async function disown(data: string, pid: number): Promise<void> {
  const [first, ...rest] = (await readFile(lockOf(data), 'utf8').catch(() => '')).split('\n');
  if (Math.abs(Number(first)) === pid) await writeFile(lockOf(data), [nobody, ...rest].join('\n'));
}

/** The server of this folder and its sessions, whatever its lock says. */
function serversOn(data: string): number[] {
  const listed = existsSync('/proc/self/stat')
    ? (attempt(() => readdirSync('/proc')) ?? []).map(Number)
    : (spawnSync('ps', ['-axo', 'pid=,comm='], { encoding: 'utf8' }).stdout ?? '')
        .split('\n')
        .map((line) => /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [])
        .flatMap(([, pid, program]) => (isServer(program) ? [Number(pid)] : []));
  return listed.filter((pid) => pid > 0 && whoIs(pid, data) === 'this folder’s server');
}

/** The number in the lock; null where there is none. */
export function lockedBy(data: string): number | null {
  const text = attempt(() => readFileSync(lockOf(data), 'utf8'));
  // The number of a server that was started by hand for one user is negative.
  return Math.abs(Number(text?.split('\n')[0])) || null;
}

/** What PostgreSQL says where it takes the lock for a living server's. */
export const isLocked = (reason: string): boolean => /lock file ".*" already exists/.test(reason);

/** What to do where that is so. */
export const lockAdvice = (data: string): string =>
  `Process ${lockedBy(data) ?? 'unknown'} appears to run a database on ${data}. If it is a PostgreSQL server, stop it; if it is another program, delete ${lockOf(data)}. Then start again.`;

type Holder = 'nobody' | 'this folder’s server' | 'another program' | 'unknown';

/** What the process of that number is, as its program, its working folder and its command line tell. */
export function whoIs(pid: number, data: string): Holder {
  const seen = look(pid);
  if (!seen) return 'nobody';
  const { program, command, folder } = seen;
  if (!program && command.length === 0) return 'unknown';
  const isHere = folder !== null && real(folder) === real(data);
  if (![program, command[0]].some(isServer))
    // Run by another program (an emulator, say), it may be one.
    return command.some(isServer) && (folder === null || isHere) ? 'unknown' : 'another program';
  // A server goes into its data folder, and its children stay there.
  if (folder !== null) return isHere ? 'this folder’s server' : 'another program';
  return command.some((word) => real(word) === real(data)) ? 'this folder’s server' : 'unknown';
}

/** Whether a server has this program, or is called so in the list of processes. */
const isServer = (word: string | null | undefined) =>
  /(^|\/)post(gres|master)(:| \(deleted\)$|$)/.test(word ?? '');

interface Seen {
  program: string | null;
  command: string[];
  folder: string | null;
}

function look(pid: number): Seen | null {
  if (!isAlive(pid)) return null;
  const at = (name: string) => `/proc/${pid}/${name}`;
  if (existsSync('/proc/self/stat'))
    return {
      program: attempt(() => readlinkSync(at('exe'))),
      command: (attempt(() => readFileSync(at('cmdline'), 'utf8')) ?? '').split('\0').filter(Boolean),
      folder: attempt(() => readlinkSync(at('cwd'))),
    };
  const said = (command: string, args: string[]) =>
    (spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '').trim();
  const folder = /^n(.*)$/m.exec(said('lsof', ['-a', '-p', String(pid), '-d', 'cwd', '-Fn']))?.[1];
  return {
    program: said('ps', ['-o', 'comm=', '-p', String(pid)]) || null,
    command: said('ps', ['-ww', '-o', 'args=', '-p', String(pid)])
      .split(/\s+/)
      .filter(Boolean),
    folder: folder ?? null,
  };
}

function attempt<T>(from: () => T): T | null {
  try {
    return from();
  } catch {
    return null;
  }
}

/** Without the links in it, where it is there. */
export const real = (place: string): string => attempt(() => realpathSync(place)) ?? path.resolve(place);
