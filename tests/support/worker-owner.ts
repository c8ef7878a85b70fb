/** Starts a worker as `npm start` does, and says its number at once: a process to be killed. */
import { fork } from 'node:child_process';
import path from 'node:path';
import { typescriptFlags } from '../../server/platform/processes/typescript';
import { root } from './paths';

const child = fork(path.join(root, 'server/start/worker-main.ts'), {
  execArgv: typescriptFlags,
  detached: true,
  stdio: 'ignore',
});
console.log(child.pid);
