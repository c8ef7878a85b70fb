import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { sweepPictures } from '../../server/platform/blobs/pictures';
import { listFlags } from '../../server/demo/sharing/service';
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

const person = () => {
  const visitorId = randomUUID();
  const add = (result: Parameters<typeof insertResult>[2]) =>
    insertResult(studio.services, visitorId, result);
  return { visitorId, me: studio.as(visitorId), add };
};
const missing = { code: 'NOT_FOUND' };
const shareOf = async (who: ReturnType<typeof person>, id: string) =>
  (await who.me.sharing.share({ id })).token ?? '';

test('a link is made once, shows the result to anybody, and shows nothing after it was withdrawn', async () => {
  const owner = person();
  const picture = await storeColour(studio.services, 'red');
  const id = await owner.add({ picture, parameters: { seed: 7, steps: 4 } });
  expect(await owner.me.sharing.state({ id })).toEqual({ token: null, createdAt: null });
  const [first, second] = await Promise.all([owner.me.sharing.share({ id }), owner.me.sharing.share({ id })]);
  expect(second).toEqual(first);
  expect(await owner.me.sharing.state({ id })).toEqual(first);
  const token = first.token ?? '';
  expect(Buffer.from(token, 'base64url')).toHaveLength(18);
  expect(await person().me.sharing.get({ token })).toMatchObject({
    prompt: 'two red apples',
    picture: { hash: picture.hash },
    parameters: { seed: 7 },
    model: { notice: expect.any(String) },
  });
  await owner.me.sharing.unshare({ id });
  await owner.me.sharing.unshare({ id });
  await expect(person().me.sharing.get({ token })).rejects.toMatchObject(missing);
  expect(await shareOf(owner, id)).not.toBe(token);
});

test('a link tells neither the owner nor the neighbours', async () => {
  const owner = person();
  const source = await storeColour(studio.services, 'blue');
  const picture = await storeColour(studio.services, 'green');
  const parent = await owner.add({ prompt: 'the parent’s own prompt', picture: source });
  const id = await owner.add({ task: 'edit', prompt: 'make it green', source, picture, parentId: parent });
  const child = await owner.add({ task: 'understand', prompt: 'what is it?', text: 'green', parentId: id });
  const shared = JSON.stringify(await person().me.sharing.get({ token: await shareOf(owner, id) }));
  // The source of an edit is part of the edit.
  expect(shared).toContain(source.hash);
  for (const hidden of [owner.visitorId, id, parent, child, 'the parent’s own prompt', 'what is it?'])
    expect(shared).not.toContain(hidden);
});

test('what was brought in from a file names no model', async () => {
  const owner = person();
  const id = await owner.add({});
  await studio.services.db.pool.query('UPDATE generation SET imported = true WHERE id = $1', [id]);
  expect(await owner.me.sharing.get({ token: await shareOf(owner, id) })).toMatchObject({
    imported: true,
    model: null,
  });
});

test('only finished results are shared, and a removed one is not any more', async () => {
  const owner = person();
  for (const state of ['queued', 'failed', 'cancelled'] as const)
    await expect(owner.me.sharing.share({ id: await owner.add({ state }) })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  const id = await owner.add({});
  const token = await shareOf(owner, id);
  await owner.me.demo.remove({ id });
  await expect(owner.me.sharing.get({ token })).rejects.toMatchObject(missing);
});

test.each([
  '',
  'x'.repeat(24).slice(1),
  '../../../../etc/passwd/..',
  "' OR 1=1 --".padEnd(24, 'x'),
  '\0'.repeat(24),
])('the token %j is refused', async (token) => {
  await expect(studio.as().sharing.get({ token })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('nobody shares, withdraws or reports another’s result by its id', async () => {
  const owner = person();
  const { me } = person();
  const id = await owner.add({});
  const token = await shareOf(owner, id);
  await expect(me.sharing.state({ id })).rejects.toMatchObject(missing);
  await expect(me.sharing.share({ id })).rejects.toMatchObject(missing);
  await expect(me.sharing.unshare({ id })).rejects.toMatchObject(missing);
  await expect(me.sharing.flag({ id, reason: 'wrong' })).rejects.toMatchObject(missing);
  await expect(me.sharing.flag({ token: 'x'.repeat(24), reason: 'wrong' })).rejects.toMatchObject(missing);
  expect(await owner.me.sharing.state({ id })).toMatchObject({ token });
});

test('a report keeps what was reported, one of each visitor, whatever becomes of the result', async () => {
  const owner = person();
  const reader = person();
  const picture = await storeColour(studio.services, '#abcdef');
  const id = await owner.add({ prompt: 'as it was', picture });
  const token = await shareOf(owner, id);
  const first = await reader.me.sharing.flag({ token, reason: 'rights', comment: ' mine \0' });
  const again = await reader.me.sharing.flag({ token, reason: 'harmful', comment: '<b>look</b>' });
  expect(again).toEqual(first);
  await owner.me.sharing.flag({ id, reason: 'wrong' });
  await owner.me.demo.remove({ id });
  const { items } = await listFlags(studio.services, { limit: 10 });
  expect(items).toHaveLength(2);
  expect(items[1]).toMatchObject({
    ...{ reason: 'harmful', comment: '<b>look</b>', prompt: 'as it was', pictureHash: picture.hash },
  });
  const page = await listFlags(studio.services, { limit: 1 });
  expect((await listFlags(studio.services, { limit: 1, cursor: page.nextCursor })).items).toEqual([items[1]]);
  // Its picture stays for the reviewers.
  await sweepPictures(studio.services, -1);
  expect(await studio.services.blobs.has(picture.hash)).toBe(true);
});

test.each([
  [{ reason: 'because' }],
  [{ reason: 'other', comment: 'x'.repeat(1001) }],
  [{ reason: 'wrong', id: randomUUID(), token: 'x'.repeat(24) }],
])('the report %j is refused', async (wrong) => {
  const id = randomUUID();
  await expect(studio.as().sharing.flag({ id, ...wrong } as never)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
});
