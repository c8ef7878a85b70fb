import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** The same request sent again is the same job. */
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

const request = (more: object = {}) =>
  ({ task: 'generate', prompt: 'two red apples', requestId: randomUUID(), ...more }) as const;
const jobsOf = async (visitor: string) =>
  (await studio.services.db.pool.query('SELECT 1 FROM generation WHERE visitor_id = $1', [visitor])).rowCount;

test('again, at once, and after the end: one job', async () => {
  const visitor = randomUUID();
  const me = studio.as(visitor);
  const wanted = request();
  const all = await Promise.all(Array.from({ length: 10 }, () => me.demo.submit(wanted)));
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  const id = all[0]?.id ?? '';
  await me.demo.cancel({ id });
  expect(await me.demo.submit(wanted)).toEqual({ id });
  expect(await jobsOf(visitor)).toBe(1);
  expect((await me.demo.get({ id })).state).toBe('cancelled');
});

test.each([
  { prompt: 'two green apples' },
  { steps: 3 },
  { seed: 7 },
  { width: 32 },
  { language: 'zh' },
  { task: 'understand' },
  { width: 17 },
])('other content under the same id is refused: %o', async (change) => {
  const me = studio.as();
  const wanted = request({ seed: 6 });
  await me.demo.submit(wanted);
  await expect(me.demo.submit({ ...wanted, ...change } as typeof wanted)).rejects.toMatchObject({
    code: 'CONFLICT',
    cause: { reason: 'REQUEST_REUSED' },
  });
});

test('ids are each visitor’s own, and requests without one are never the same', async () => {
  const [one, two] = [studio.as(), studio.as()];
  const wanted = request();
  expect((await one.demo.submit(wanted)).id).not.toBe((await two.demo.submit(wanted)).id);
  const { requestId: _, ...plain } = wanted;
  expect((await one.demo.submit(plain)).id).not.toBe((await one.demo.submit(plain)).id);
});

test('a request whose job was removed does not run again', async () => {
  const visitor = randomUUID();
  const me = studio.as(visitor);
  const wanted = request();
  const { id } = await me.demo.submit(wanted);
  await me.demo.cancel({ id });
  await me.demo.remove({ id });
  await expect(me.demo.submit(wanted)).rejects.toMatchObject({
    code: 'CONFLICT',
    cause: { reason: 'REQUEST_REMOVED' },
  });
  expect(await jobsOf(visitor)).toBe(0);
});
