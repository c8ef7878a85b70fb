import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { maxKeys } from '../../server/accounts/keys/schema';
import { visitorOfKey } from '../../server/accounts/keys/service';
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

test('a key is told once; what is kept is its hash', async () => {
  const visitor = studio.as();
  const { secret, ...made } = await visitor.keys.create({ name: '  my  laptop ' });
  expect(secret).toMatch(/^ngs_[A-Za-z0-9_-]{43}$/);
  expect(made).toMatchObject({ name: 'my  laptop', prefix: secret.slice(0, 10), lastUsedAt: null });
  expect(await visitor.keys.list()).toEqual([made]);
  const row = await studio.services.db.prisma.apiKey.findUniqueOrThrow({ where: { id: made.id } });
  expect(row.hash).toBe(createHash('sha256').update(secret).digest('hex'));
  expect(JSON.stringify(row)).not.toContain(secret);
});

test('a key tells its owner until it is revoked; its use is noted at most once a minute', async () => {
  const { db } = studio.services;
  const visitorId = randomUUID();
  const visitor = studio.as(visitorId);
  const { id, secret } = await visitor.keys.create({ name: 'x' });
  const used = async () => (await visitor.keys.list())[0]?.lastUsedAt;
  expect(await visitorOfKey({ db }, secret)).toBe(visitorId);
  const first = await used();
  expect(first).toBeInstanceOf(Date);
  await visitorOfKey({ db }, secret);
  expect(await used()).toEqual(first);
  await db.pool.query(`UPDATE api_key SET last_used_at = now() - interval '61 s' WHERE id = $1`, [id]);
  await visitorOfKey({ db }, secret);
  expect((await used())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Infinity);
  expect(await visitor.keys.revoke({ id })).toEqual({ id });
  expect(await visitor.keys.revoke({ id })).toEqual({ id });
  expect(await visitor.keys.list()).toEqual([]);
  expect(await visitorOfKey({ db }, secret)).toBeNull();
});

test('there are at most ten keys at once, also when many are asked for at once', async () => {
  const visitor = studio.as(randomUUID());
  const asked = await Promise.allSettled(
    Array.from({ length: maxKeys + 3 }, (_, i) => visitor.keys.create({ name: `key ${i}` })),
  );
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(maxKeys);
  const keys = await visitor.keys.list();
  await visitor.keys.revoke({ id: keys[0]?.id ?? '' });
  await visitor.keys.create({ name: 'in its place' });
  await expect(visitor.keys.create({ name: 'eleventh' })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/10 keys/),
  });
});

test.each(['', '   ', 'x'.repeat(61)])('the name %j is refused', async (name) => {
  await expect(studio.as().keys.create({ name })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('a name that is markup, or holds NUL, is kept as text', async () => {
  const visitor = studio.as(randomUUID());
  expect((await visitor.keys.create({ name: '<b>x</b>' })).name).toBe('<b>x</b>');
  expect((await visitor.keys.create({ name: 'a\0b' })).name).toBe('a\ufffdb');
});

test('another visitor neither sees nor revokes a key', async () => {
  const visitor = studio.as(randomUUID());
  const { id, secret } = await visitor.keys.create({ name: 'mine' });
  const other = studio.as(randomUUID());
  expect(await other.keys.list()).toEqual([]);
  await expect(other.keys.revoke({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(other.keys.revoke({ id: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await visitorOfKey(studio.services, secret)).not.toBeNull();
});
