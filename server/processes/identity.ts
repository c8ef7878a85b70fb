import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Which process it is. A number alone tells only which process has it now: after a restart of the machine, in another
 * container and after long enough anywhere, that is another one.
 */

/**
 * The process's number, when it began and, where the system tells, since which start of the machine that counts.
 * @returns '' where there is no such process
 */
export function identityOf(pid: number): string {
  if (!isThere(pid)) return '';
  const began = beganAt(pid);
  return [pid, began, ...(bootId ? [bootId] : [])].join(' ');
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

/** Where numbers of processes mean the same processes: this start of this machine or container. */
export const machine = (): string =>
  bootId ? `${bootId} ${read(() => readlinkSync('/proc/self/ns/pid'))}` : hostname();

const bootId = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());

function isThere(pid: number): boolean {
  // 0 and negative numbers are groups of processes.
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function beganAt(pid: number): string {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // In ticks since the machine began. The name before it may hold anything.
  if (stat) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  return stdout?.trim().replace(/\s+/g, '_') || '-';
}

function read(from: () => string): string {
  try {
    return from();
  } catch {
    return '';
  }
}
