import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The number of the worker's process that the studio of this home has started. @throws Error where there is none */
export function workerOf(home: string): number {
  const studio = readFileSync(path.join(home, 'studio.lock'), 'utf8').split(' ')[0];
  const processes = execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  for (const line of processes) {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (parent === studio && command.includes('worker-main.ts')) return Number(pid);
  }
  throw new Error(`The studio of ${home} has no worker.`);
}
