import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tellLogTrouble } from '../log/file';
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
