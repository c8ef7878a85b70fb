import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { listAudit, record } from '../../server/platform/audit/audit';
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

test('events come back newest first, page by page, with who did it', async () => {
  const { pool } = database.db;
  const me = await studio.user('reviewer', 'Ada');
  const queueId = randomUUID();
  for (let n = 0; n < 5; n++)
    await record(pool, { userId: me.id, what: 'review.submitted', queueId, details: { n, text: 'a\0b' } });
  await record(pool, { userId: null, what: 'account.first_link' });
  const first = await listAudit(pool, { queueId, limit: 3 });
  const second = await listAudit(pool, { queueId, limit: 3, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ details }) => details.n)).toEqual([4, 3, 2, 1, 0]);
  expect(second.nextCursor).toBeNull();
  expect(first.items[0]).toMatchObject({
    who: { id: me.id, name: 'Ada' },
    what: 'review.submitted',
    taskId: null,
    details: { text: 'a\ufffdb' },
  });
  expect(first.items[0]?.at).toBeInstanceOf(Date);
  expect((await listAudit(pool, { areas: ['account'] })).items).toMatchObject([
    { who: null, what: 'account.first_link' },
  ]);
});

test.each([
  `UPDATE audit_event SET what = 'account.other'`,
  'DELETE FROM audit_event',
  'TRUNCATE audit_event',
])('%s is refused', async (sql) => {
  await expect(database.db.pool.query(sql)).rejects.toThrow(/append-only/);
});

test('an act without an area is refused', async () => {
  await expect(record(database.db.pool, { userId: null, what: 'Nothing.At All' })).rejects.toMatchObject({
    code: '23514',
  });
});
