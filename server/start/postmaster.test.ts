import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unreaped } from '../platform/processes/testing/unreaped';
import { clearLock, whoIs } from './postmaster';

let folder: string;
let data: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-lock-'));
  data = path.join(folder, 'database');
  await mkdir(data);
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await rm(folder, { recursive: true, force: true });
});

/** A process that waits, under a name of our choice. */
async function process_(name: string, cwd: string, args: string[] = []): Promise<number> {
  const program = path.join(folder, name);
  await symlink(process.execPath, program).catch(() => undefined);
  const wait = 'console.log(1); process.stdin.resume()';
  const child = spawn(program, ['-e', wait, '--', ...args], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

const lock = () => path.join(data, 'postmaster.pid');
const rest = `${'/data'}\n1795000000\n54321\n\n127.0.0.1\n  5432001    131072\nready   \n`;
const nobodyServes = () => Promise.resolve(false);

test('what a process is, is told by its program and its working folder', async () => {
  const link = path.join(folder, 'link');
  await symlink(data, link);
  expect(whoIs(await process_('sleeper', '/'), data)).toBe('another program');
  // That it works in the folder does not make it a database.
  expect(whoIs(await process_('sleeper', data), data)).toBe('another program');
  expect(whoIs(await process_('postgres', data), link)).toBe('this folder’s server');
  expect(whoIs(await process_('postgres', folder, ['-D', folder]), data)).toBe('another program');
  expect(whoIs(await process_('sleeper', data, ['postgres.log', 'postgresql.conf']), data)).toBe(
    'another program',
  );
  expect(whoIs(await process_('sleeper', data, ['/bin/postgres']), data)).toBe('unknown');
  expect(whoIs(2 ** 31 - 1, data)).toBe('nobody');
});

test('what a killed server left at work on the folder is ended, and nothing else', async () => {
  const here = children.length;
  await process_('postgres', data);
  await process_('postgres', folder);
  await process_('sleeper', data);
  const [session, elsewhere, other] = children.slice(here);
  const ended = once(session!, 'exit');
  await writeFile(lock(), `2147483646\n${rest}`);
  await clearLock(data, nobodyServes);
  expect(await ended).toEqual([null, 'SIGQUIT']);
  for (const child of [elsewhere!, other!]) expect(child.exitCode ?? child.signalCode).toBeNull();
});

test('a lock that names a server that was killed, which nobody took note of yet, no longer does', async () => {
  const { pid, parent } = await unreaped();
  children.push(parent);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => whoIs(pid, data)).toBe('nobody');
  await writeFile(lock(), `${pid}\n${rest}`);
  await clearLock(data, nobodyServes);
  expect(await readFile(lock(), 'utf8')).toBe(`2147483647\n${rest}`);
});

test('a lock that names another program no longer does, and keeps the rest of what it says', async () => {
  await writeFile(lock(), `${await process_('sleeper', data)}\n${rest}`);
  await clearLock(data, nobodyServes);
  expect(await readFile(lock(), 'utf8')).toBe(`2147483647\n${rest}`);
});

test('a server of this folder that cannot be reached is ended', async () => {
  await writeFile(lock(), `${await process_('postgres', data)}\n${rest}`);
  const ended = once(children[0]!, 'exit');
  const cleared = clearLock(data, nobodyServes);
  expect(await ended).toEqual([null, 'SIGINT']);
  await rm(lock());
  await cleared;
});

test.each(['', 'nonsense', '2147483646\n'])('a lock of %j is left to PostgreSQL', async (text) => {
  await writeFile(lock(), text);
  await clearLock(data, nobodyServes);
  expect(await readFile(lock(), 'utf8')).toBe(text);
});
