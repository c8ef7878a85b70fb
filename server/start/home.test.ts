import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StudioError } from '../platform/errors/errors';
import { identityOf } from '../platform/processes/identity';
import { checkPort, lockHome, onceGone, prepareHome } from './home';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-home-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (...place: string[]) => (await stat(path.join(folder, ...place))).mode & 0o777;
const isTaken = (error: unknown) =>
  error instanceof StudioError && ['ALREADY_RUNNING', 'PORT_TAKEN'].includes(error.code);

test('a new home and what is in it are for their owner alone', async () => {
  await prepareHome(path.join(folder, 'new'));
  // Root lets PostgreSQL pass, which runs as another user.
  expect(await modeOf('new')).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
  for (const name of ['logs', 'blobs', 'thumbnails']) expect(await modeOf('new', name)).toBe(0o700);
  const held = lockHome(path.join(folder, 'new'));
  expect(await modeOf('new', 'studio.lock')).toBe(0o600);
  held.release();
});

test('what an earlier version left open is narrowed, and a folder of somebody’s own keeps its rights', async () => {
  await chmod(folder, 0o755);
  for (const name of ['logs', 'blobs']) {
    await mkdir(path.join(folder, name));
    await chmod(path.join(folder, name), 0o755);
  }
  await writeFile(path.join(folder, 'logs', 'web.log'), 'x', { mode: 0o644 });
  await prepareHome(folder);
  expect(await modeOf()).toBe(0o755);
  expect(await modeOf('logs')).toBe(0o700);
  expect(await modeOf('blobs')).toBe(0o700);
  expect(await modeOf('logs', 'web.log')).toBe(0o600);
});

test('a home whose holder is ending is had once that one is gone', async () => {
  const holder = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await writeFile(path.join(folder, 'studio.lock'), identityOf(holder.pid ?? 0));
  expect(() => lockHome(folder)).toThrow(/is already running on/);
  const waited: string[] = [];
  const held = await onceGone(
    () => lockHome(folder),
    isTaken,
    () => {
      waited.push('once');
      holder.stdin.end();
    },
  );
  expect(waited).toEqual(['once']);
  expect(held.inherited).toBe(true);
  held.release();
});

test('a home that nobody held before is not inherited', () => {
  const held = lockHome(folder);
  expect(held.inherited).toBe(false);
  held.release();
});

test('a port is had once its holder is gone, and anything else is told at once', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await onceGone(
    () => checkPort(port, '127.0.0.1'),
    isTaken,
    () => server.close(),
  );
  await expect(onceGone(() => checkPort(port, 'no such host'), isTaken)).rejects.toThrow(/HOST is invalid/);
});
