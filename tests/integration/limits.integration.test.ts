import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { moveState } from '../../server/demo/jobs/store';
import { expireVisitors, noteSeen } from '../../server/platform/limits/last-seen';
import { recordUpload, storedBytes } from '../../server/platform/limits/storage';
import { handleTrpc } from '../../server/api/web/trpc-handler';
import { receiveUpload } from '../../server/api/web/uploads';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** What a public demo refuses, and when it says that it will be possible again. */
let database: TestDatabase;
let studio: TestStudio;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url, {
    jobsPerMinute: 3,
    jobsPerMinuteAddress: 5,
    maxWaiting: 4,
    uploadsPerMinute: 4,
    storageBytes: 30_000,
  });
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const job = { task: 'generate', prompt: 'two red apples' } as const;
const noise = (size: number) =>
  sharp({
    create: {
      ...{ width: size, height: size, channels: 3, background: '#808080' },
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();
const upload = async (bytes: Uint8Array, headers: Record<string, string>) => {
  const init = { method: 'POST', body: bytes, headers, duplex: 'half' } as RequestInit;
  return receiveUpload(new Request('http://localhost/api/uploads', init), studio.services);
};
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

test('jobs a minute of one visitor: the fourth is refused, with when to come again', async () => {
  const me = studio.as();
  for (let i = 0; i < 3; i++) await me.demo.submit(job);
  expect(await refusal(me.demo.submit(job))).toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    message: expect.stringMatching(/the limit is 3 per minute\. Try again in \d+ s\./),
    cause: { reason: 'JOBS_PER_MINUTE', params: { max: 3 }, retryAfterSeconds: expect.any(Number) },
  });
  // Another visitor is not concerned.
  await studio.as().demo.submit(job);
});

test('jobs a minute of one address, whoever its visitors are; the address is not stored', async () => {
  const address = '203.0.113.77';
  for (let i = 0; i < 5; i++) await studio.as(undefined, address).demo.submit(job);
  expect(await refusal(studio.as(undefined, address).demo.submit(job))).toMatchObject({
    cause: { code: 'TOO_MANY', reason: 'JOBS_PER_MINUTE_ADDRESS' },
  });
  const { rows } = await studio.services.db.pool.query<{ key: string }>('SELECT key FROM rate_limit');
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ key }) => key.includes(address))).toEqual([]);
});

test('a refusal by HTTP carries Retry-After', async () => {
  const cookie = `studio_visitor=${randomUUID()}`;
  const post = () =>
    handleTrpc(
      new Request('http://localhost/api/trpc/demo.submit', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ json: job }),
      }),
      studio.services,
    );
  for (let i = 0; i < 3; i++) expect((await post()).status).toBe(200);
  const refused = await post();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('uploads a minute of one address, though every one throws its cookie away', async () => {
  const headers = { 'x-studio-address': '203.0.113.78' };
  for (let i = 0; i < 4; i++) {
    const response = await upload(await noise(8 + i), headers);
    expect(response.status).toBe(201);
    expect(response.headers.get('set-cookie')).toMatch(/^studio_visitor=[0-9a-f-]{36};/);
  }
  const refused = await upload(await noise(20), headers);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: 'UPLOADS_PER_MINUTE', params: { max: 4 } });
});

test('storage: what would be too much is refused, and there is room when something was removed', async () => {
  const { db } = studio.services;
  const visitor = randomUUID();
  const headers = { cookie: `studio_visitor=${visitor}` };
  const first = await upload(await noise(80), headers);
  expect(first.status).toBe(201);
  const { hash } = (await first.json()) as { hash: string };
  expect(await storedBytes(db, visitor)).toBeGreaterThan(15_000);
  const refused = await upload(await noise(81), headers);
  expect(refused.status).toBe(507);
  expect(await refused.json()).toMatchObject({ code: 'STORAGE_FULL' });
  await db.pool.query('DELETE FROM upload WHERE visitor_id = $1 AND hash = $2', [visitor, hash]);
  expect((await upload(await noise(82), headers)).status).toBe(201);
  // Jobs are refused as well while it is full.
  await db.pool.query('UPDATE blob SET size = 40000 WHERE hash = $1', [hash]);
  const other = randomUUID();
  await recordUpload(db, other, hash);
  expect(await refusal(studio.as(other).demo.submit(job))).toMatchObject({
    cause: { code: 'STORAGE_FULL' },
  });
});

test('a picture of another visitor is no source, unless it is shared', async () => {
  const { db } = studio.services;
  const [owner, other] = [randomUUID(), randomUUID()];
  const answer = await upload(await noise(10), { cookie: `studio_visitor=${owner}` });
  const { hash } = (await answer.json()) as { hash: string };
  const edit = { task: 'edit', prompt: 'greener', sourceHash: hash } as const;
  expect(await refusal(studio.as(other).demo.submit(edit))).toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringMatching(/no longer exists/),
    cause: { reason: 'NOT_HERE' },
  });
  const { id } = await studio.as(owner).demo.submit(edit);
  await db.pool.query(`INSERT INTO share (token, generation_id) VALUES ('a-token', $1)`, [id]);
  await studio.as(other).demo.submit(edit);
});

test('visitors who were not seen for so long go with all they have; who has a job waiting stays', async () => {
  const { db } = studio.services;
  const [gone, busy, back] = [randomUUID(), randomUUID(), randomUUID()];
  const ended = await studio.as(gone).demo.submit(job);
  await moveState(db.pool, ended.id, { from: ['queued'], to: 'cancelled' });
  await studio.as(busy).demo.submit(job);
  const returned = await studio.as(back).demo.submit(job);
  await moveState(db.pool, returned.id, { from: ['queued'], to: 'cancelled' });
  const all = [gone, busy, back];
  await db.pool.query(`UPDATE visitor SET seen_at = now() - interval '31 days' WHERE id = ANY($1)`, [all]);
  await noteSeen(db, back);
  expect(await expireVisitors(db, 0)).toBe(0);
  expect(await expireVisitors(db, 30)).toBe(1);
  const { rows } = await db.pool.query<{ id: string }>('SELECT id FROM visitor WHERE id = ANY($1)', [all]);
  expect(rows.map((row) => row.id).sort()).toEqual([busy, back].sort());
});
