import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diskBlobs, type BlobFs } from './disk';
import type { BlobStore } from './store';

let folder: string;
beforeAll(async () => void (folder = await fs.mkdtemp(path.join(tmpdir(), 'blobs-'))));
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const hash = (digit: string) => digit.repeat(64);

/** What every store does. */
const stores: Record<string, () => BlobStore> = { disk: () => diskBlobs(path.join(folder, 'store')) };
describe.each(Object.entries(stores))('%s', (_name, make) => {
  test('gives back what was put, once or many times at once', async () => {
    const blobs = make();
    await Promise.all(Array.from({ length: 4 }, () => blobs.put(hash('a'), Buffer.from('apple'))));
    expect(await blobs.has(hash('a'))).toBe(true);
    expect((await blobs.get(hash('a')))?.toString()).toBe('apple');
  });

  test('has nothing under another hash, and removing it is no error', async () => {
    const blobs = make();
    expect(await blobs.get(hash('b'))).toBeNull();
    expect(await blobs.has(hash('b'))).toBe(false);
    await blobs.remove(hash('b'));
  });

  test('forgets what was removed', async () => {
    const blobs = make();
    await blobs.put(hash('c'), Buffer.from('x'));
    await blobs.remove(hash('c'));
    expect(await blobs.get(hash('c'))).toBeNull();
  });

  test.each(['', 'x', '../../etc/passwd', hash('A'), `${hash('a')}/..`])(
    'refuses the name %j',
    async (name) => {
      await expect((async () => make().put(name, Buffer.from('x')))()).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      });
      await expect((async () => make().get(name))()).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    },
  );
});

test('what is kept is for its owner alone', async () => {
  const place = path.join(folder, 'private');
  await diskBlobs(place).put(hash('e'), Buffer.from('x'));
  const modes = await Promise.all(
    ['', 'incoming', 'ee', `ee/${hash('e')}`].map(
      async (name) => (await fs.stat(path.join(place, name))).mode & 0o777,
    ),
  );
  expect(modes).toEqual([0o700, 0o700, 0o700, 0o600]);
});

/** A disk that fails at one operation. */
const failing = (operation: keyof BlobFs, code: string): BlobFs => ({
  ...fs,
  [operation]: () => Promise.reject(Object.assign(new Error(code), { code })),
});

test.each([
  ['open', 'ENOSPC', 'DISK_FULL', /disk is full.*Free some space/],
  ['rename', 'EDQUOT', 'DISK_FULL', /disk is full/],
  ['mkdir', 'EROFS', 'NOT_WRITABLE', /not writable \(EROFS\).*STUDIO_HOME/],
] as const)(
  '%s failing with %s says what to do and leaves nothing behind',
  async (operation, raw, code, message) => {
    const place = path.join(folder, operation);
    const blobs = diskBlobs(place, failing(operation, raw));
    await expect(blobs.put(hash('d'), Buffer.from('x'))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await blobs.has(hash('d'))).toBe(false);
    expect(await fs.readdir(path.join(place, 'incoming')).catch(() => [])).toEqual([]);
  },
);
