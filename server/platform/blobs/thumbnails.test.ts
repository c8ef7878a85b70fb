import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { diskThumbnails } from './thumbnails';

test('thumbnails are for their owner alone', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'studio-thumbnails-'));
  try {
    const place = path.join(folder, 'thumbnails');
    const picture = () =>
      sharp({ create: { width: 4, height: 3, channels: 3, background: '#c02020' } })
        .png()
        .toBuffer();
    await diskThumbnails(place).get('a'.repeat(64), 160, picture);
    const [name = ''] = await readdir(place);
    const modes = await Promise.all([place, path.join(place, name)].map((one) => stat(one)));
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
