import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { invite } from '../../server/accounts/invitations';
import { moveState } from '../../server/demo/jobs/store';
import { expireVisitors } from '../../server/platform/limits/last-seen';
import { visitorOfKey } from '../../server/accounts/keys/service';
import { userOf } from '../../server/api/web/require-user';
import { receiveUpload } from '../../server/api/web/uploads';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';
import { createTestBrowser, type TestBrowser } from '../support/test-browser';

/** What a visitor has becomes the account's, and follows it to other browsers. */
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

const password = 'correct horse battery';
async function join(browser: TestBrowser) {
  const email = `${randomUUID()}@studio.test`;
  const { token } = await invite(studio.services.db, null, { role: 'viewer', days: 1 });
  const me = await browser.api.accounts.join.mutate({ token, name: 'Ada', email, password });
  return { me, email };
}
const job = (prompt: string) => ({ task: 'generate', prompt }) as const;
const promptsOf = async ({ api }: TestBrowser) =>
  (await api.demo.list.query({})).items.map(({ prompt }) => prompt).sort();
const visitorIn = (browser: TestBrowser) => browser.cookies.get('studio_visitor') ?? '';

async function upload(browser: TestBrowser, background: string): Promise<string> {
  const bytes = await sharp({ create: { width: 40, height: 32, channels: 3, background } })
    .png()
    .toBuffer();
  const init = { method: 'POST', body: new Uint8Array(bytes) };
  const answer = await receiveUpload(browser.request('/api/uploads', init), studio.services);
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { hash: string }).hash;
}

test('results, grids, uploads, links and keys of the browser move to the account, and follow it', async () => {
  const [first, second] = [createTestBrowser(studio.services), createTestBrowser(studio.services)];
  const { id } = await first.api.demo.submit.mutate(job('mine'));
  const hash = await upload(first, '#c02020');
  const grid = await first.api.grids.submit.mutate({
    base: job('grid'),
    x: { parameter: 'seed', values: [1] },
    requestId: randomUUID(),
  });
  const { secret } = await first.api.keys.create.mutate({ name: 'mine' });
  const before = visitorIn(first);
  const { email } = await join(first);

  expect(await promptsOf(first)).toEqual(['grid', 'mine']);
  await second.api.demo.submit.mutate(job('elsewhere'));
  await second.api.accounts.signIn.mutate({ email, password });
  expect(await promptsOf(second)).toEqual(['elsewhere', 'grid', 'mine']);
  expect(await promptsOf(first)).toEqual(['elsewhere', 'grid', 'mine']);
  expect(await second.api.grids.get.query({ id: grid.id })).toMatchObject({ id: grid.id });
  expect(await second.api.keys.list.query()).toMatchObject([{ name: 'mine' }]);
  await second.api.demo.submit.mutate({ task: 'edit', prompt: 'of the upload', sourceHash: hash });

  // The key goes on, as the account's; what was the browser's visitor has nothing left.
  const account = await visitorOfKey(studio.services, secret);
  expect(account).not.toBe(before);
  expect((await studio.as(account ?? '').demo.get({ id })).prompt).toBe('mine');
  expect((await studio.as(before).demo.list({})).items).toEqual([]);
  expect(await database.db.prisma.upload.count({ where: { visitorId: before } })).toBe(0);
});

test('a stream that was open goes on to its end when its job moves', async () => {
  const browser = createTestBrowser(studio.services);
  const { id } = await browser.api.demo.submit.mutate(job('running'));
  const events = (await studio.as(visitorIn(browser)).demo.events({ id }))[Symbol.asyncIterator]();
  // It has begun once something was told.
  await moveState(database.db.pool, id, { from: ['queued'], to: 'queued' });
  await events.next();
  await join(browser);
  const rest = (async () => {
    const types: string[] = [];
    for (let next = await events.next(); !next.done; next = await events.next())
      types.push((next.value as unknown as [string, { type: string }])[1].type);
    return types;
  })();
  await browser.api.demo.cancel.mutate({ id });
  expect((await rest).at(-1)).toBe('end');
  // One that another visitor opens is refused as ever.
  const strange = (await studio.as().demo.events({ id }))[Symbol.asyncIterator]();
  await expect(strange.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a request that is sent again after the sign-in is the same job', async () => {
  const browser = createTestBrowser(studio.services);
  const request = { ...job('once'), requestId: randomUUID() };
  const { id } = await browser.api.demo.submit.mutate(request);
  await join(browser);
  expect((await browser.api.demo.submit.mutate(request)).id).toBe(id);
  expect(await promptsOf(browser)).toEqual(['once']);
});

test('the same upload, report and request on both sides is one of each', async () => {
  const [first, second] = [createTestBrowser(studio.services), createTestBrowser(studio.services)];
  const { email } = await join(first);
  const request = { ...job('twice'), requestId: randomUUID() };
  for (const browser of [first, second]) {
    await browser.api.demo.submit.mutate(request);
    await upload(browser, '#20c020');
  }
  await second.api.accounts.signIn.mutate({ email, password });
  expect(await promptsOf(second)).toEqual(['twice', 'twice']);
});

test('sign-out leaves a new visitor who has nothing, and the account keeps what it has', async () => {
  const browser = createTestBrowser(studio.services);
  await browser.api.demo.submit.mutate(job('mine'));
  const before = visitorIn(browser);
  const { email } = await join(browser);
  await browser.api.accounts.signOut.mutate();
  expect(browser.cookies.has('studio.session_token')).toBe(false);
  expect(visitorIn(browser)).not.toBe(before);
  expect(await promptsOf(browser)).toEqual([]);
  await browser.api.accounts.signOut.mutate();
  await browser.api.demo.submit.mutate(job('anonymous'));
  await browser.api.accounts.signIn.mutate({ email, password });
  expect(await promptsOf(browser)).toEqual(['anonymous', 'mine']);
});

test('two sign-ins of one browser at the same moment move everything once', async () => {
  const browser = createTestBrowser(studio.services);
  const { email } = await join(createTestBrowser(studio.services));
  for (let n = 0; n < 5; n++) await browser.api.demo.submit.mutate(job(`job ${n}`));
  const credentials = { email, password };
  await Promise.all([1, 2].map(() => browser.api.accounts.signIn.mutate(credentials)));
  expect(await promptsOf(browser)).toHaveLength(5);
});

test('an account’s visitor does not expire, and is made anew where it is gone', async () => {
  const browser = createTestBrowser(studio.services);
  await browser.api.demo.submit.mutate(job('old'));
  const { me } = await join(browser);
  await browser.api.demo.cancel.mutate({ id: (await browser.api.demo.list.query({})).items[0]?.id ?? '' });
  await database.db.pool.query(`UPDATE visitor SET seen_at = now() - interval '400 days'`);
  await expireVisitors(database.db, 90);
  expect(await promptsOf(browser)).toEqual(['old']);
  await database.db.pool.query(
    'DELETE FROM visitor USING account_user u WHERE u.visitor_id = visitor.id AND u.id = $1',
    [me.id],
  );
  expect(await promptsOf(browser)).toEqual([]);
  await browser.api.demo.submit.mutate(job('new'));
  expect(await promptsOf(browser)).toEqual(['new']);
});

test('routes that are no procedures know who is signed in', async () => {
  const browser = createTestBrowser(studio.services);
  const request = () => browser.request('/api/reviews/uploads', { method: 'POST' });
  expect(await userOf(request(), studio.services)).toBeNull();
  const { me } = await join(browser);
  expect(await userOf(request(), studio.services)).toEqual(me);
  await browser.api.accounts.signOut.mutate();
  expect(await userOf(request(), studio.services)).toBeNull();
});
