import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process whose parent does nothing, not even take note when it has ended. @returns its number, and its parent */
export async function unreaped(): Promise<{ pid: number; parent: ChildProcess }> {
  const script = `
    const child = require('child_process').spawn('sleep', ['300'], { stdio: 'ignore' });
    require('fs').writeSync(1, String(child.pid));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  `;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { pid: Number(String((await once(parent.stdout, 'data'))[0])), parent };
}
