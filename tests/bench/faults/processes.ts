/** The processes of a studio that `npm start` brought up (Linux). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Seen {
  pid: number;
  parent: number;
  state: string;
  command: string;
}

function look(pid: number): Seen | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, parent: Number(parent), state, command };
  } catch {
    // It ended meanwhile.
    return null;
  }
}

const all = (): Seen[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => look(Number(name)) ?? [])
    .filter(({ state }) => state !== 'Z');

export interface Tree {
  supervisor?: number;
  web?: number;
  worker?: number;
  /** The process that holds the model. */
  child?: number;
  postmaster?: number;
  /** Sessions of the database. */
  backends: number[];
  /** All that stand below the supervisor, the database's among them. */
  all: number[];
}

/** What runs of the studio of this home; nothing of it where it is down. */
export function treeOf(home: string): Tree {
  const processes = all();
  const below = (pid: number): Seen[] =>
    processes.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  const lock = path.join(home, 'studio.lock');
  const supervisor = existsSync(lock) ? Number(readFileSync(lock, 'utf8').split(' ')[0]) : undefined;
  const lives = supervisor !== undefined && processes.some(({ pid }) => pid === supervisor);
  const children = lives ? below(supervisor) : [];
  const first = (pattern: RegExp, among = children) =>
    among.find(({ command }) => pattern.test(command))?.pid;
  const worker = first(/worker-main\.ts/);
  const inPostmaster = path.join(home, 'database/postmaster.pid');
  const postmaster = existsSync(inPostmaster)
    ? Math.abs(Number(readFileSync(inPostmaster, 'utf8').split('\n')[0]))
    : undefined;
  const alive = processes.some(({ pid, command }) => pid === postmaster && /postgres/.test(command));
  const ofDatabase = alive ? below(postmaster!) : [];
  return {
    supervisor: lives ? supervisor : undefined,
    web: first(/web\.mjs/),
    worker,
    child: worker === undefined ? undefined : first(/inference/, below(worker)),
    postmaster: alive ? postmaster : undefined,
    backends: ofDatabase.filter(({ command }) => /127\.0\.0\.1\(/.test(command)).map(({ pid }) => pid),
    all: [...new Set([...children, ...ofDatabase].map(({ pid }) => pid))],
  };
}

/** Processes that speak of this home and have nobody above them: what a studio left behind. */
export function orphansOf(home: string): string[] {
  const processes = all();
  const of = ({ pid, command }: Seen) => {
    if (command.includes(home)) return true;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`STUDIO_HOME=${home}\0`);
    } catch {
      return false;
    }
  };
  return processes
    .filter((one) => one.parent === 1 && of(one))
    .map(({ pid, command }) => `${pid} ${command}`);
}

/** Kills a process as nothing can be killed harder; one that has ended is none. */
export function kill(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** Resident memory of the web server of this home, in bytes. */
export function memoryOf(home: string): number {
  const status = readFileSync(`/proc/${treeOf(home).web}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
