import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { pngClaiming } from '../../models/runtime/testing/files';
import { storePicture } from '../../server/platform/blobs/pictures';
import { diskThumbnails } from '../../server/platform/blobs/thumbnails';
import { recordUpload } from '../../server/platform/limits/storage';
import { serveImage } from '../../server/api/web/images';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { storeColour } from '../support/results';
import { createStudio, type TestStudio } from '../support/studio';

let database: TestDatabase;
let studio: TestStudio;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  folder = await mkdtemp(path.join(tmpdir(), 'studio-thumbnails-'));
});
afterAll(async () => {
  await studio.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const visitorId = randomUUID();
const image = (hash: string, query: string, headers: Record<string, string> = {}) =>
  serveImage(
    new Request(`http://localhost/api/images/${hash}?${query}`, {
      headers: { cookie: `studio_visitor=${visitorId}`, ...headers },
    }),
    hash,
    studio.services,
  );
/** A picture that the visitor uploaded. */
const store = async (colour: string, side?: number) => {
  const picture = await storeColour(studio.services, colour, side);
  await recordUpload(studio.services.db, visitorId, picture.hash);
  return picture;
};

test('a thumbnail is a small WebP of the picture, kept by its owner’s browser', async () => {
  const { hash } = await store('red', 400);
  const response = await image(hash, 'size=160');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/webp',
    'cache-control': 'private, max-age=86400, immutable',
    etag: `"${hash}-160"`,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 160, height: 160 });
  expect((await image(hash, 'size=160', { 'if-none-match': `"${hash}-160"` })).status).toBe(304);
  expect((await image(hash, 'size=160', { 'if-none-match': `"${hash}"` })).status).toBe(200);
  // The copy is read from now on: the picture itself is not needed.
  await studio.services.blobs.remove(hash);
  expect(Buffer.from(await (await image(hash, 'size=160')).arrayBuffer()).equals(bytes)).toBe(true);
  expect((await image(hash, 'size=320')).status).toBe(404);
});

test('a small picture is not made larger', async () => {
  const { hash } = await store('blue', 20);
  const bytes = await (await image(hash, 'size=320')).arrayBuffer();
  expect(await sharp(Buffer.from(bytes)).metadata()).toMatchObject({ width: 20, height: 20 });
});

test.each(['0', '', '161', '160.0', '1e2', '-160', '99999999', '160px', '../160'])(
  'the size %j is refused',
  async (size) => {
    const { hash } = await store('red');
    expect((await image(hash, `size=${encodeURIComponent(size)}`)).status).toBe(400);
  },
);

test.each([
  ['image_too_long', () => pngClaiming(1, 39_999_999)],
  ['image_damaged', () => Buffer.from('no picture')],
])('a picture from before such were refused has no thumbnail: %s', async (code, make) => {
  const { hash } = await storePicture(studio.services, make(), {
    mediaType: 'image/png',
    width: 1,
    height: 1,
  });
  await recordUpload(studio.services.db, visitorId, hash);
  const answer = await image(hash, 'size=160');
  expect([answer.status, await answer.json()]).toMatchObject([422, { code }]);
});

test('the copies of a removed picture go with it', async () => {
  const { hash } = await store('purple');
  expect((await image(hash, 'size=160')).status).toBe(200);
  await studio.services.db.pool.query('DELETE FROM blob WHERE hash = $1', [hash]);
  expect((await image(hash, 'size=160')).status).toBe(404);
  const kept = await readdir(path.join(studio.home, 'thumbnails'));
  expect(kept.filter((name) => name.startsWith(hash))).toEqual([]);
  expect((await image('f'.repeat(64), 'size=160')).status).toBe(404);
});

const noise = (seed: number) =>
  sharp({
    create: {
      ...{ width: 64, height: 64, channels: 3, background: '#888' },
      noise: { type: 'gaussian', mean: 100 + seed, sigma: 60 },
    },
  })
    .png()
    .toBuffer();

test('a picture is made once however many ask, few at a time, and the oldest goes when there is no room', async () => {
  const place = path.join(folder, 'bounded');
  const thumbnails = diskThumbnails(place, { maxBytes: 6000, concurrency: 2 });
  let atOnce = 0;
  let most = 0;
  let loads = 0;
  const load = (seed: number) => async () => {
    loads++;
    most = Math.max(most, ++atOnce);
    const bytes = await noise(seed);
    atOnce--;
    return bytes;
  };
  const hash = (seed: number) => String(seed).padStart(64, '0');
  await Promise.all([1, 1, 1].map((seed) => thumbnails.get(hash(seed), 160, load(seed))));
  expect(loads).toBe(1);
  await Promise.all([2, 3, 4, 5, 6, 7, 8].map((seed) => thumbnails.get(hash(seed), 160, load(seed))));
  expect(most).toBeLessThanOrEqual(2);
  const kept = await readdir(place);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(8);
  expect(kept).not.toContain(`${hash(1)}-160.webp`);
  // Another process finds what this one left, and clears what was half written.
  await writeFile(path.join(place, 'half-written'), 'x');
  const next = diskThumbnails(place, { maxBytes: 6000 });
  const name = kept[0] ?? '';
  await next.get(name.slice(0, 64), 160, () => Promise.reject(new Error('it is there already')));
  expect(await readdir(place)).not.toContain('half-written');
});

test('a picture that cannot be read is told to each who asked, and tried again later', async () => {
  const thumbnails = diskThumbnails(path.join(folder, 'broken'));
  const hash = 'e'.repeat(64);
  await expect(thumbnails.get(hash, 160, async () => Buffer.from('no picture'))).rejects.toThrow();
  expect(await thumbnails.get(hash, 160, () => noise(1))).not.toBeNull();
});
