import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storePicture } from '../../server/platform/blobs/pictures';
import { diskBlobs } from '../../server/platform/blobs/disk';
import { createDb } from '../../server/platform/db/client';
import { migrate } from '../../server/platform/db/migrate';
import { startPostgres } from '../../server/start/postgres';
import { migrationsFolder } from '../support/database';

/** The backup that the README describes: a copy of STUDIO_HOME, made while nothing runs. */
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'studio-copy-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async <T>(home: string, work: (url: string) => Promise<T>): Promise<T> => {
  const postgres = await startPostgres({ home, logFile: path.join(home, 'database.log') });
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop();
  }
};

test('a copy of a stopped studio has its data and its images, and runs beside the original', async () => {
  const [home, copy] = [path.join(folder, 'home'), path.join(folder, 'copy')];
  const picture = Buffer.from('the bytes of an image');
  await mkdir(home);
  const blobsOf = (at: string) => diskBlobs(path.join(at, 'blobs'));
  const hash = await run(home, async (url) => {
    await migrate(url, migrationsFolder);
    const db = createDb(url, { max: 1 });
    try {
      const info = { mediaType: 'image/png', width: 1, height: 1 };
      return (await storePicture({ db, blobs: blobsOf(home) }, picture, info)).hash;
    } finally {
      await db.close();
    }
  });
  execFileSync('cp', ['-a', home, copy]);
  await run(home, (original) =>
    run(copy, async (url) => {
      expect(url).not.toBe(original);
      const db = createDb(url, { max: 1 });
      try {
        expect(await db.prisma.blob.findMany({ select: { hash: true } })).toEqual([{ hash }]);
      } finally {
        await db.close();
      }
    }),
  );
  expect(await blobsOf(copy).get(hash)).toEqual(picture);
});
