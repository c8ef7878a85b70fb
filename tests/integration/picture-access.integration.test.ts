import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { serveImage } from '../../server/api/web/images';
import { teamOf } from '../support/accounts';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertResult, storeColour } from '../support/results';
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

const ask = (hash: string, { cookie, query = '' }: { cookie?: string; query?: string } = {}) =>
  serveImage(
    new Request(`http://localhost/api/images/${hash}${query}`, { headers: cookie ? { cookie } : {} }),
    hash,
    studio.services,
  );
const statusOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status;
const cookieOf = (visitorId: string) => `studio_visitor=${visitorId}`;

let colours = 0;
/** An edit with its source and a preview, as a visitor has them. */
async function edit() {
  const visitorId = randomUUID();
  const fresh = () => storeColour(studio.services, `#${(0x102030 + 9973 * colours++).toString(16)}`);
  const [source, picture, preview] = [await fresh(), await fresh(), await fresh()];
  const id = await insertResult(studio.services, visitorId, { task: 'edit', source, picture });
  await studio.services.db.pool.query(
    `INSERT INTO generation_event (generation_id, seq, data) VALUES ($1, 1, $2)`,
    [id, { type: 'preview', picture: { hash: preview.hash, width: 8, height: 8 } }],
  );
  const hashes = { source: source.hash, picture: picture.hash, preview: preview.hash };
  return { visitorId, id, ...hashes, all: Object.values(hashes), me: studio.as(visitorId) };
}

test('the owner sees source, result and previews; nobody else, though they know the hash', async () => {
  const mine = await edit();
  for (const hash of mine.all)
    for (const query of ['', '?size=160', '?plain=1', '?download=x.png']) {
      const answer = await ask(hash, { cookie: cookieOf(mine.visitorId), query });
      expect([query, answer.status]).toEqual([query, 200]);
      expect(answer.headers.get('cache-control')).toMatch(/^private, /);
      expect(answer.headers.get('vary')).toBe('cookie');
      for (const cookie of [undefined, cookieOf(randomUUID()), 'studio_visitor=nonsense'])
        expect([query, await statusOf(hash, { cookie, query })]).toEqual([query, 404]);
    }
});

test('what the browser has already it is told of only while it may see it', async () => {
  const mine = await edit();
  const request = (cookie: string) =>
    new Request(`http://localhost/api/images/${mine.picture}`, {
      headers: { cookie, 'if-none-match': `"${mine.picture}"` },
    });
  const status = async (cookie: string) =>
    (await serveImage(request(cookie), mine.picture, studio.services)).status;
  expect(await status(cookieOf(mine.visitorId))).toBe(304);
  await mine.me.demo.remove({ id: mine.id });
  expect(await status(cookieOf(mine.visitorId))).toBe(404);
});

test('a link shows result and source to everybody until it is taken back, and no cache keeps them unasked', async () => {
  const mine = await edit();
  await mine.me.sharing.share({ id: mine.id });
  for (const hash of [mine.source, mine.picture]) {
    const answer = await ask(hash);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'public, no-cache']);
  }
  expect(await statusOf(mine.preview)).toBe(404);
  await mine.me.sharing.unshare({ id: mine.id });
  expect(await Promise.all(mine.all.map((hash) => statusOf(hash)))).toEqual([404, 404, 404]);
});

test('a result that is removed takes its pictures along, shared or not', async () => {
  const mine = await edit();
  await mine.me.sharing.share({ id: mine.id });
  await mine.me.demo.remove({ id: mine.id });
  for (const cookie of [undefined, cookieOf(mine.visitorId)])
    expect(await Promise.all(mine.all.map((hash) => statusOf(hash, { cookie })))).toEqual([404, 404, 404]);
});

test('what is reported stays for the team alone', async () => {
  const mine = await edit();
  await mine.me.sharing.flag({ id: mine.id, reason: 'harmful' });
  await mine.me.demo.remove({ id: mine.id });
  expect(await statusOf(mine.picture)).toBe(404);
  const { browser } = await teamOf(studio).joined('viewer');
  expect(await statusOf(mine.picture, { cookie: browser.header() })).toBe(200);
});

describe('without cookies', () => {
  test('the token of a visitor in the address opens what is theirs', async () => {
    const [mine, other] = [await edit(), await edit()];
    const { visitors } = studio.services.auth;
    const query = (token: string) => `?visitor=${token}`;
    const token = visitors.issue(mine.visitorId, 'streams');
    expect(await Promise.all(mine.all.map((hash) => statusOf(hash, { query: query(token) })))).toEqual([
      200, 200, 200,
    ]);
    expect(await statusOf(other.picture, { query: query(token) })).toBe(404);
    // Good for everything, it belongs in no address.
    const everything = visitors.issue(mine.visitorId, 'requests');
    expect(await statusOf(mine.picture, { query: query(everything) })).toBe(404);
    expect(await statusOf(mine.picture, { query: query(mine.visitorId) })).toBe(404);
  });

  test('the token of a picture opens that one', async () => {
    const mine = await edit();
    const token = studio.services.auth.visitors.issue(mine.visitorId, `picture ${mine.picture}`);
    const query = `?visitor=${token}`;
    expect(await statusOf(mine.picture, { query })).toBe(200);
    expect(await statusOf(mine.source, { query })).toBe(404);
    await mine.me.demo.remove({ id: mine.id });
    expect(await statusOf(mine.picture, { query })).toBe(404);
  });
});

test('the visitor of a framed page sees theirs by its own cookie', async () => {
  const mine = await edit();
  expect(await statusOf(mine.picture, { cookie: `studio_embed=${mine.visitorId}` })).toBe(200);
});

test('nothing of another’s picture is told: whether it can be loaded, or how well the model draws it', async () => {
  const mine = await edit();
  const { db } = studio.services;
  await db.pool.query(
    `INSERT INTO picture_check (hash, revision_id, error) SELECT $1, id, 0.5 FROM model_revision LIMIT 1`,
    [mine.source],
  );
  const stranger = studio.as();
  const wait = { hashes: [mine.picture], served: false, hold: false };
  expect((await mine.me.images.wait(wait)).images).toEqual([{ hash: mine.picture, state: 'ready' }]);
  expect((await stranger.images.wait(wait)).images).toEqual([{ hash: mine.picture, state: 'none' }]);
  expect(await stranger.demo.pictureCheck({ hash: mine.source })).toMatchObject({ error: null });
});
