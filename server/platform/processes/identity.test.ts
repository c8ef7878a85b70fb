import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { unreaped } from './testing/unreaped';
import { identityOf, isAlive, isThere, lives, machine } from './identity';

test('a living process is known again, and not once it has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const identity = identityOf(child.pid ?? 0);
  expect(identity).toMatch(new RegExp(`^${child.pid} [^ ]+`));
  expect([lives(identity), identityOf(child.pid ?? 0)]).toEqual([true, identity]);
  child.stdin.end();
  await once(child, 'exit');
  expect([lives(identity), identityOf(child.pid ?? 0)]).toEqual([false, '']);
});

test('a process that was killed is dead, although its parent has not taken note of it', async () => {
  const { pid, parent } = await unreaped();
  try {
    const identity = identityOf(pid);
    expect([lives(identity), isAlive(pid)]).toEqual([true, true]);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => lives(identity)).toBe(false);
    expect([identityOf(pid), isAlive(pid), isThere(pid)]).toEqual(['', false, true]);
  } finally {
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  }
});

test('a process that has the number of an earlier one is not taken for it', () => {
  const [, began = '', ...boot] = identityOf(process.pid).split(' ');
  expect(lives([process.pid, began, ...boot].join(' '))).toBe(true);
  expect(lives([process.pid, `${began}1`, ...boot].join(' '))).toBe(false);
  expect(lives([process.pid, began, 'another-start-of-the-machine'].join(' '))).toBe(false);
  // As earlier versions wrote it.
  expect([lives(`${process.pid} ${began}`), lives(`${process.pid} -`)]).toEqual([true, false]);
});

test.each(['', String(process.pid), '0 1', '-1 5', 'nonsense', '99999999 3'])('%j is nobody', (identity) => {
  expect(lives(identity)).toBe(false);
});

test('this machine is the same from one call to the next', () => {
  expect(machine()).toMatch(/\S/);
  expect(machine()).toBe(machine());
});
