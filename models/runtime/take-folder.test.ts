import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeFolder } from './take-folder';

let home: string;
beforeAll(async () => void (home = await mkdtemp(path.join(tmpdir(), 'lock-'))));
afterAll(() => rm(home, { recursive: true }));

test('a folder is kept until it is let go of, and nothing is left of that', async () => {
  const folder = path.join(home, 'one');
  const letGo = await takeFolder(folder);
  await expect(takeFolder(folder)).rejects.toThrow(/Another process \(\d+\) is working in/);
  await letGo();
  await (
    await takeFolder(folder)
  )();
  expect(await readdir(home)).toEqual([]);
});

test('what processes left that are gone is no hindrance', async () => {
  const folder = path.join(home, 'two');
  await mkdir(`${folder}.lock`);
  // A number that no process has, one that another process has by now, and no number at all.
  for (const name of ['4194304-1', `${process.pid}-1`, 'x'])
    await writeFile(path.join(`${folder}.lock`, name), '');
  await (
    await takeFolder(folder)
  )();
  expect(await readdir(home)).toEqual([]);
});

test('of many that want it at once one has it at a time, and each has its turn', async () => {
  const folder = path.join(home, 'three');
  await mkdir(`${folder}.lock`);
  await writeFile(path.join(`${folder}.lock`, '4194304-1'), '');
  const entry = path.join(import.meta.dirname, 'testing/take-folder.ts');
  const codes = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ['--import', 'tsx', entry, folder, '20'], { stdio: 'inherit' });
      return (await once(child, 'close'))[0] as number;
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(await readdir(home)).toEqual([]);
}, 120_000);
