import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { diskThumbnails } from './thumbnails';

const picture = () =>
  sharp({ create: { width: 4, height: 3, channels: 3, background: '#c02020' } })
    .png()
    .toBuffer();

test('thumbnails are for their owner alone', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'studio-thumbnails-'));
  try {
    const place = path.join(folder, 'thumbnails');
    await diskThumbnails(place).get('a'.repeat(64), 160, picture);
    const [name = ''] = await readdir(place);
    const modes = await Promise.all([place, path.join(place, name)].map((one) => stat(one)));
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('of what an earlier process left, the newest stays while there is room; one used is not the next to go', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'studio-thumbnails-'));
  try {
    const nameOf = (letter: string) => `${letter.repeat(64)}-160.webp`;
    for (const [age, letter] of ['a', 'b', 'c'].entries()) {
      await writeFile(path.join(place, nameOf(letter)), Buffer.alloc(letter === 'b' ? 0 : 400));
      await utimes(path.join(place, nameOf(letter)), 1000 + age, 1000 + age);
    }
    const thumbnails = diskThumbnails(place, { maxBytes: 500 });
    await thumbnails.get('c'.repeat(64), 160, () => Promise.reject(new Error('it is there')));
    expect((await readdir(place)).sort()).toEqual(['b', 'c'].map(nameOf));
    // As large as what is left of the room, so that the one used longest ago goes.
    const { length = 0 } = (await thumbnails.get('d'.repeat(64), 160, picture)) ?? [];
    expect(length).toBeLessThan(100);
    expect((await readdir(place)).sort()).toEqual(['b', 'c', 'd'].map(nameOf));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});

test('a thumbnail larger than all the room is made, and not kept', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'studio-thumbnails-'));
  try {
    expect(await diskThumbnails(place, { maxBytes: 10 }).get('a'.repeat(64), 160, picture)).not.toBeNull();
    expect(await readdir(place)).toEqual([]);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});
