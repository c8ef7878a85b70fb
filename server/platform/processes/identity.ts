import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Which process it is. A number alone tells only which process has it now: after a restart of the machine, in another
 * container and after long enough anywhere, that is another one.
 */

/**
 * The process's number, when it began and, where the system tells, since which start of the machine that counts.
 * @returns '' where there is no such process, or it has ended
 */
export function identityOf(pid: number): string {
  if (!isThere(pid)) return '';
  const { state, began } = look(pid);
  return hasEnded(state) ? '' : [pid, began, ...(bootId ? [bootId] : [])].join(' ');
}

/**
 * Whether the process lives of which this is the identity.
 * @param identity of `identityOf`, here or in an earlier version, which did not tell the start of the machine
 */
export function lives(identity: string): boolean {
  const [pid, began] = identity.split(' ');
  if (!began) return false;
  const now = identityOf(Number(pid));
  return now === identity || now.startsWith(`${identity} `);
}

/** Whether the process of that number runs: one that has ended keeps the number until its parent takes note. */
export const isAlive = (pid: number): boolean => isThere(pid) && !hasEnded(look(pid).state);

/** Whether a process has that number, be it one that has ended. */
export function isThere(pid: number): boolean {
  // 0 and negative numbers are groups of processes.
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where numbers of processes mean the same processes: this start of this machine or container. */
export const machine = (): string =>
  bootId ? `${bootId} ${read(() => readlinkSync('/proc/self/ns/pid'))}` : hostname();

const bootId = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());

/** Killed, and not yet forgotten by the system: Z for zombie, X for dead. */
const hasEnded = (state: string): boolean => /^[ZX]/.test(state);

function look(pid: number): { state: string; began: string } {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat) {
    // The name before these may hold anything. The time is in ticks since the machine began.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', began: fields[19] ?? '-' };
  }
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  const [state = '', ...began] = (stdout ?? '').trim().split(/\s+/);
  return { state, began: began.join('_') || '-' };
}

function read(from: () => string): string {
  try {
    return from();
  } catch {
    return '';
  }
}
