import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, stat, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tellLogTrouble } from '../platform/log/file';
import { supervise } from './children';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-children-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Says a line for every SIGUSR2, and that it is ready. */
const talker = `
  process.on('SIGUSR2', () => console.log('a line'));
  console.log('pid', process.pid);
  process.send({ type: 'ready', note: String(process.pid) });
  setInterval(() => undefined, 1000);
`;

test.runIf(existsSync('/dev/full'))('a full disk costs lines of the log and nothing else', async () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const logFile = path.join(folder, 'web.log');
  await symlink('/dev/full', logFile);
  const child = supervise(
    {
      name: 'talker',
      command: [process.execPath, '-e', talker],
      cwd: folder,
      env: process.env,
      logFile,
      onLogTrouble: tellLogTrouble(say),
    },
    say,
  );
  try {
    const pid = Number(await child.ready);
    await expect.poll(() => said).toEqual([expect.stringMatching(/disk is full/)]);
    await unlink(logFile);
    process.kill(pid, 'SIGUSR2');
    await expect.poll(() => readFile(logFile, 'utf8').catch(() => '')).toBe('a line\n');
    expect((await stat(logFile)).mode & 0o777).toBe(0o600);
    expect(said).toHaveLength(1);
  } finally {
    await child.stop(1000);
  }
});

test('a child that cannot even be begun is tried again as one that ends', async () => {
  const said: string[] = [];
  const program = path.join(folder, 'program');
  await symlink(process.execPath, program);
  const child = supervise(
    {
      name: 'talker',
      command: [program, '-e', talker],
      cwd: folder,
      env: process.env,
      logFile: path.join(folder, 'talker.log'),
    },
    (line) => void said.push(line),
  );
  try {
    const pid = Number(await child.ready);
    await rename(program, `${program}.away`);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => said, { timeout: 10_000 }).toContainEqual(expect.stringMatching(/ENOENT/));
    await rename(`${program}.away`, program);
    const lines = async () => (await readFile(path.join(folder, 'talker.log'), 'utf8')).match(/^pid \d/gm);
    await expect.poll(lines, { timeout: 10_000 }).toHaveLength(2);
  } finally {
    await child.stop(1000);
  }
});

test('one that cannot be begun the first time says why', async () => {
  const command = [path.join(folder, 'nothing')];
  const log = path.join(folder, 'x.log');
  const child = supervise(
    { name: 'talker', command, cwd: folder, env: process.env, logFile: log },
    () => undefined,
  );
  await expect(child.ready).rejects.toThrow(
    /The talker stopped immediately \(spawn .*ENOENT\)\. See .*x\.log\./,
  );
});
