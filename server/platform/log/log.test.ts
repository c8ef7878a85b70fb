import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { typescriptFlags } from '../processes/typescript';

test.runIf(existsSync('/dev/full'))('a program whose output cannot be written goes on', () => {
  const full = openSync('/dev/full', 'w');
  try {
    const script = `
      import { createLog } from ${JSON.stringify(path.join(import.meta.dirname, 'log.ts'))};
      const log = createLog('test', 'info');
      for (let i = 0; i < 3; i++) log.info('a line');
      setImmediate(() => { log.info('another'); process.exitCode = 7; });
    `;
    const args = [...typescriptFlags, '--input-type=module', '-e', script];
    const done = spawnSync(process.execPath, args, { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
    expect([done.status, done.stderr]).toEqual([7, '']);
  } finally {
    closeSync(full);
  }
});
