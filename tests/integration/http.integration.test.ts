import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { sweepPictures } from '../../server/platform/blobs/pictures';
import { pngClaiming } from '../../models/runtime/testing/files';
import { publicHealth, readHealth, serveHealth } from '../../server/api/web/health';
import { serveImage } from '../../server/api/web/images';
import { handleTrpc } from '../../server/api/web/trpc-handler';
import { receiveUpload } from '../../server/api/web/uploads';
import { teamOf } from '../support/accounts';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

let database: TestDatabase;
let studio: TestStudio;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

/** What a worker tells of its inference. */
const device = {
  ...{ device: 'cpu', state: 'ready', model: null, hash: null, rss: 1, error: null, loadingSince: null },
  ...{ graphs: null, onlyMeasures: false },
} as const;
const solid = (width = 4, height = 3) =>
  sharp({ create: { width, height, channels: 3, background: '#c02020' } });
/** Of whoever uploads and looks at it, unless it is another. */
const cookie = `studio_visitor=${randomUUID()}`;
const upload = async (body: Uint8Array | string | ReadableStream, headers: Record<string, string> = {}) => {
  const init = { method: 'POST', body, headers: { cookie, ...headers }, duplex: 'half' } as RequestInit;
  const response = await receiveUpload(new Request('http://localhost/api/uploads', init), studio.services);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const image = (hash: string, headers: Record<string, string> = {}, query = '') =>
  serveImage(
    new Request(`http://localhost/api/images/${hash}${query}`, { headers: { cookie, ...headers } }),
    hash,
    studio.services,
  );

test('an upload is stored once under its hash and served to whoever sent it', async () => {
  const bytes = await solid().png().toBuffer();
  const first = await upload(bytes, { 'content-type': 'text/plain' });
  expect(first).toMatchObject({ status: 201, body: { width: 4, height: 3 } });
  expect((await upload(bytes)).body).toEqual(first.body);
  const hash = String(first.body.hash);
  const response = await image(hash);
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'private, max-age=86400, immutable',
    etag: `"${hash}"`,
  });
  expect((await image(hash, { 'if-none-match': `"${hash}"` })).status).toBe(304);
});

test.each(['png', 'jpeg', 'webp'] as const)(
  'an uploaded %s tells nothing but its picture',
  async (format) => {
    const secret = 'GPS 48.8584 2.2945 of Ann';
    const pixels = solid(8, 6).withExif({ IFD0: { Artist: secret } });
    const file = await pixels.withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
    expect(file.includes(secret)).toBe(true);
    const { body } = await upload(Buffer.concat([file, Buffer.from(secret)]));
    expect(body).toMatchObject({ width: 6, height: 8 });
    const stored = Buffer.from(await (await image(String(body.hash))).arrayBuffer());
    expect(stored.includes('Ann')).toBe(false);
    expect((await sharp(stored).metadata()).orientation).toBe(6);
    // What comes back is the same picture.
    expect((await upload(stored)).body).toEqual(body);
  },
);

test.each([
  ['apples.png', 'attachment; filename="apples.png"'],
  ['../../etc/passwd', 'attachment; filename=".._.._etc_passwd"'],
  ['红苹果.png', 'attachment; filename="___.png"'],
  ['a"\r\nx: y.png', 'attachment; filename="a___x_ y.png"'],
])('a download may be named %j', async (name, expected) => {
  const { body } = await upload(await solid().png().toBuffer());
  const response = await image(String(body.hash), {}, `?download=${encodeURIComponent(name)}`);
  expect(response.headers.get('content-disposition')).toContain(expected);
});

test.each(['', 'x', '../../../etc/passwd', 'f'.repeat(64), `${'f'.repeat(64)}/..`])(
  'there is no picture %j',
  async (hash) => expect((await image(hash)).status).toBe(404),
);

const noise = async (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();

test.each<[string, () => Promise<Uint8Array> | Uint8Array, number, string, RegExp]>([
  [
    'text renamed to .png',
    () => Buffer.from('hello, I am text'),
    400,
    'image_format',
    /not a PNG, JPEG or WebP/,
  ],
  [
    'a HEIC photo, by its content',
    () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
    400,
    'image_format',
    /HEIC.*Export it as JPEG/,
  ],
  ['nothing', () => new Uint8Array(), 400, 'image_empty', /empty/],
  [
    'a truncated picture',
    async () => (await noise(64, 64)).subarray(0, 4000),
    400,
    'image_damaged',
    /damaged or incomplete/,
  ],
  [
    'an animated picture',
    async () => {
      const frames = await Promise.all(['red', 'blue'].map((c) => solid(8, 8).tint(c).png().toBuffer()));
      return sharp(frames, { join: { animated: true } })
        .webp({ delay: [100, 100], loop: 0 })
        .toBuffer();
    },
    400,
    'image_animated',
    /animated/,
  ],
  [
    'too many pixels',
    () => solid(8000, 6000).png().toBuffer(),
    400,
    'image_too_many_pixels',
    /40 megapixels/,
  ],
  [
    'a side of millions of pixels',
    () => pngClaiming(1, 39_999_999),
    400,
    'image_too_long',
    /1×39999999.*16384 per side/,
  ],
  [
    'a JPEG with stray bytes between its parts',
    async () => {
      const file = await solid(64, 48).jpeg().toBuffer();
      const at = file.indexOf(Buffer.from([0xff, 0xc4]));
      return Buffer.concat([file.subarray(0, at), Buffer.alloc(7, 0x41), file.subarray(at)]);
    },
    400,
    'image_damaged',
    /damaged or incomplete/,
  ],
])('refuses %s with its reason', async (_name, make, status, code, message) => {
  const answer = await upload(await make());
  expect(answer).toEqual({ status, body: { code, message: expect.stringMatching(message) } });
});

test.each<[string, () => Promise<Uint8Array>]>([
  ['1×1', () => solid(1, 1).png().toBuffer()],
  ['16-bit', () => solid().toColourspace('rgb16').png().toBuffer()],
  ['CMYK', () => solid().toColourspace('cmyk').jpeg().toBuffer()],
  ['AVIF', () => solid().avif().toBuffer()],
])('takes a %s picture', async (_name, make) => expect((await upload(await make())).status).toBe(201));

test('stops reading at 20 MB, also when the length was not declared', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(1 << 20));
      sent += 1 << 20;
    },
  });
  const answer = await upload(endless);
  expect(answer).toMatchObject({
    status: 413,
    body: { code: 'TOO_LARGE', message: expect.stringMatching(/20 MB/) },
  });
  expect(sent).toBeLessThan(24e6);
  const declared = await upload('x', { 'content-length': '999999999' });
  expect(declared.status).toBe(413);
});

const trpc = (headers: Record<string, string>, body?: unknown) =>
  handleTrpc(
    new Request(
      `http://localhost/api/trpc/demo.${body ? 'submit' : 'list?input=%7B%22json%22%3A%7B%7D%7D'}`,
      {
        method: body ? 'POST' : 'GET',
        headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
        body: body ? JSON.stringify({ json: body }) : undefined,
      },
    ),
    studio.services,
  );
const job = { task: 'generate', prompt: 'apples' };

test('the first change makes a visitor by a cookie that scripts cannot read; reading makes none', async () => {
  const read = await trpc({});
  expect(read.status).toBe(200);
  expect(read.headers.get('set-cookie')).toBeNull();
  const made = await trpc({}, job);
  const cookie = made.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^studio_visitor=[0-9a-f-]{36}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
  const again = await trpc({ cookie: cookie.split(';')[0] ?? '' }, job);
  expect(again.headers.get('set-cookie')).toBeNull();
});

test.each([
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-site' }, 403],
  [{ origin: 'https://evil.example' }, 403],
  [{ 'sec-fetch-site': 'same-origin' }, 200],
  [{ origin: 'http://localhost' }, 200],
  [{}, 200],
])('a change with headers %o is answered %i', async (headers, status) => {
  expect((await trpc(headers as Record<string, string>, job)).status).toBe(status);
  if (status === 403) expect((await upload('x', headers as Record<string, string>)).status).toBe(403);
});

test('health says what is missing, and is well once a worker serves the model', async () => {
  const before = await readHealth(studio.services);
  expect(before).toMatchObject({ ok: false, database: { ok: true }, workers: { ok: false } });
  expect(before.database.message).toMatch(/^PostgreSQL \d/);
  expect(before.workers.message).toMatch(/npm run worker/);
  const worker = await studio.worker();
  await worker.modelSettled;
  await studio.services.db.pool.query('SELECT 1');
  await expect.poll(async () => (await readHealth(studio.services)).ok, { timeout: 5000 }).toBe(true);
  await worker.stop();
});

test('health names machines to admins alone', async () => {
  const worker = await studio.worker();
  await worker.modelSettled;
  const team = teamOf(studio);
  const [admin, viewer] = [await team.joined('admin'), await team.joined('viewer')];
  const asked = async (request: Request) => {
    const text = await (await serveHealth(request, studio.services)).text();
    return { text, report: JSON.parse(text) as { workers: object } };
  };
  for (const request of [new Request('http://localhost/api/health'), viewer.browser.request('/api/health')]) {
    const { text, report } = await asked(request);
    expect(report).toMatchObject({
      database: { ok: true, message: 'ready' },
      workers: { ok: true, count: 1 },
    });
    expect(text).not.toContain(hostname());
    expect(text).not.toContain('PostgreSQL');
  }
  const { report } = await asked(admin.browser.request('/api/health'));
  expect(report.workers).toMatchObject({ list: [{ hostname: hostname() }] });
  await worker.stop();
});

test('what health tells everybody of a failure is that there is one', async () => {
  const { workers, ...report } = await readHealth(studio.services);
  const message = 'connect ECONNREFUSED 10.1.2.3:5432, /home/ann/models';
  const failed = { ok: false, message };
  const told = publicHealth({
    ...{ ...report, workers, database: failed, model: failed },
    devices: { ...failed, list: [{ ...device, state: 'failed', error: message }] },
  });
  expect(JSON.stringify(told)).not.toMatch(/10\.1\.2\.3|\/home/);
  expect(told).toMatchObject({
    database: { ok: false, message: 'not ready' },
    devices: { list: [{ state: 'failed' }] },
  });
});

test('the sweep removes pictures that nothing refers to, and only those', async () => {
  const { db, blobs } = studio.services;
  const visitor = randomUUID();
  const kept = await upload(await solid(9, 9).png().toBuffer(), { cookie: `studio_visitor=${visitor}` });
  const lost = await upload(await solid(10, 10).png().toBuffer());
  await studio
    .as(visitor)
    .demo.submit({ task: 'edit', prompt: 'greener', sourceHash: String(kept.body.hash) });
  await db.pool.query(`UPDATE blob SET touched_at = now() - interval '2 days'`);
  expect(await sweepPictures({ db, blobs }, 86_400)).toBeGreaterThan(0);
  expect(await blobs.has(String(lost.body.hash))).toBe(false);
  expect(await blobs.has(String(kept.body.hash))).toBe(true);
});
