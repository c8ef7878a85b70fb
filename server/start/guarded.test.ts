import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../platform/processes/identity';
import { startGuarded } from './guarded';
import { typescriptFlags } from '../platform/processes/typescript';

const asleep = { file: 'sh', args: ['-c', 'echo $$; exec sleep 300'], options: {} };

test('a guarded program ends with the process that started it, however that ends', async () => {
  const script = `
    import { startGuarded } from ${JSON.stringify(path.join(import.meta.dirname, 'guarded.ts'))};
    startGuarded(${JSON.stringify(asleep)}, { stdio: ['pipe', 'inherit', 'inherit'] });
  `;
  const args = [...typescriptFlags, '--input-type=module', '-e', script];
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(String((await once(parent.stdout, 'data'))[0]));
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});

test('it ends when its standard input does, and its code is told', async () => {
  const child = startGuarded(asleep, { stdio: ['pipe', 'pipe', 'inherit'] });
  const pid = Number(String((await once(child.stdout!, 'data'))[0]));
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
  expect(isAlive(pid)).toBe(false);

  const seven = { file: 'sh', args: ['-c', 'exit 7'], options: {} };
  const other = startGuarded(seven, { stdio: ['pipe', 'inherit', 'inherit'] });
  expect(await once(other, 'exit')).toEqual([7, null]);
});

test('a program that is not there is told as a failure', async () => {
  const nothing = { file: '/nowhere/at/all', args: [], options: {} };
  const child = startGuarded(nothing, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(said).toContain('/nowhere/at/all: error: ');
});
