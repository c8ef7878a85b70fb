import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runtimeFolder } from './cuda';
import { neededLibraries } from './elf';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'elf-'))));
afterAll(async () => rm(folder, { recursive: true }));

it.skipIf(process.platform !== 'linux')('reads what a library needs', () => {
  const needed = neededLibraries(path.join(runtimeFolder(), 'onnxruntime_binding.node'));
  expect(needed).toContain('libonnxruntime.so.1');
  expect(needed).toContain('libc.so.6');
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('x'.repeat(200))],
  ['half a header', Buffer.from('\x7fELF\x02\x01', 'latin1')],
  [
    'a header that leads nowhere',
    Buffer.concat([Buffer.from('\x7fELF\x02\x01', 'latin1'), Buffer.alloc(100, 0xff)]),
  ],
])('refuses %s', async (name, bytes) => {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  expect(neededLibraries(file)).toBe(null);
});
