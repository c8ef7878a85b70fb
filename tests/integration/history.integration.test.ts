import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
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

test('every word of a search must occur, in prompt or answer, in any case and as it is written', async () => {
  const { me, add } = person();
  await add({ prompt: 'Two red APPLES' });
  await add({ task: 'understand', prompt: 'how many apples?', text: 'Two, both RED.' });
  await add({ prompt: 'Ein grüner Apfel, ÄPFEL' });
  await add({ prompt: '一张两个红色的苹果的照片' });
  await add({ prompt: '100% of a_b \\ (c) [d] .*' });
  const found = async (query: string) =>
    (await me.history.search({ query })).items.map(({ prompt }) => prompt);
  expect(await found('red  two')).toEqual(['how many apples?', 'Two red APPLES']);
  expect(await found('red green')).toEqual([]);
  expect(await found('äpfel GRÜN')).toEqual(['Ein grüner Apfel, ÄPFEL']);
  expect(await found('苹果')).toEqual(['一张两个红色的苹果的照片']);
  for (const literal of ['100%', 'a_b', '\\', '(c) [d]', '.*']) expect(await found(literal)).toHaveLength(1);
  // What would be a wildcard anywhere is only itself.
  expect(await found('1%0')).toEqual([]);
  expect(await found('a_ b__')).toEqual([]);
  expect(await found('ä.*')).toEqual([]);
  expect(await found("'; DROP TABLE generation; --")).toEqual([]);
  expect(await found('\0')).toEqual([]);
  expect(await found('   ')).toHaveLength(5);
  await expect(me.history.search({ query: 'x'.repeat(201) })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('pages go from the newest to the oldest without a gap, by task where one is chosen', async () => {
  const { me, add } = person();
  const ids: string[] = [];
  for (let i = 0; i < 7; i++)
    ids.unshift(await add(i % 2 ? { task: 'understand', text: 'two' } : { prompt: `apple ${i}` }));
  const walk = async (input: { task?: 'understand' | 'generate' }) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof me.history.search>> = await me.history.search({
        ...input,
        cursor,
        limit: 2,
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    return seen;
  };
  expect(await walk({})).toEqual(ids);
  expect(await walk({ task: 'understand' })).toEqual(ids.filter((_, i) => i % 2));
});

test('a search among ten thousand results reads one visitor’s rows by the index', async () => {
  const { visitorId, me, add } = person();
  await add({ prompt: 'a needle, first of all' });
  const { pool } = studio.services.db;
  await pool.query(
    `INSERT INTO generation (id, visitor_id, revision_id, task, state, prompt, language, parameters, finished_at)
     SELECT gen_random_uuid(), v.id, r.id, 'generate', 'done', 'a photo of ' || n || ' things, well lit', 'en', '{}', now()
     FROM model_revision r, generate_series(1, 10000) n, (VALUES ($1::uuid), ($2::uuid)) AS v(id)`,
    [visitorId, await otherVisitor()],
  );
  await pool.query('ANALYZE generation');
  const page = await me.history.search({ query: 'NEEDLE first' });
  expect(page.items.map(({ prompt }) => prompt)).toEqual(['a needle, first of all']);
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT id FROM generation WHERE visitor_id = '${visitorId}' AND (prompt ILIKE '%things%' OR text ILIKE '%things%')
     ORDER BY id DESC LIMIT 61`,
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('Index Scan using generation_visitor_id_id_idx');
  expect(plan).not.toMatch(/Sort|Seq Scan/);
});

async function otherVisitor(): Promise<string> {
  const { visitorId, add } = person();
  await add({ prompt: 'another needle, first' });
  return visitorId;
}

test('the tree of a result is its root and everything that came of it', async () => {
  const { me, add } = person();
  const picture = await storeColour(studio.services, 'red');
  const root = await add({ picture });
  const edit = await add({ task: 'edit', source: picture, picture, parentId: root });
  const question = await add({ task: 'understand', source: picture, text: 'two', parentId: edit });
  const second = await add({ task: 'edit', source: picture, picture, parentId: root });
  await add({ prompt: 'of no kin' });
  for (const id of [root, edit, question, second]) {
    const { nodes, more } = await me.history.lineage({ id });
    expect(nodes[0]?.id).toBe(root);
    expect(new Set(nodes.map((node) => node.id))).toEqual(new Set([root, edit, question, second]));
    expect(more).toBe(false);
    // Parents come before their children.
    nodes.forEach((node, at) =>
      expect(node.parentId === null || nodes.slice(0, at).some((one) => one.id === node.parentId)).toBe(true),
    );
  }
});

test('of a large tree two hundred are shown, the way to the result among them', async () => {
  const { me, add } = person();
  const root = await add({});
  for (let i = 0; i < 205; i++) await add({ parentId: root });
  const middle = await add({ parentId: root });
  const last = await add({ parentId: middle });
  const { nodes, more } = await me.history.lineage({ id: last });
  expect(nodes).toHaveLength(200);
  expect(more).toBe(true);
  expect(nodes.map(({ id }) => id).slice(0, 3)).toEqual([root, middle, last]);
});

test('of a long chain its end is shown', async () => {
  const { me, add } = person();
  let id = await add({});
  for (let i = 0; i < 230; i++) id = await add({ parentId: id, prompt: `step ${i}` });
  const { nodes } = await me.history.lineage({ id });
  expect(nodes).toHaveLength(200);
  expect(nodes.at(-1)?.id).toBe(id);
});

test('a result is found by its picture, the newest of several', async () => {
  const { me, add } = person();
  const picture = await storeColour(studio.services, '#123456');
  await add({ picture });
  const newest = await add({ picture });
  expect(await me.history.byPicture({ hash: picture.hash })).toMatchObject({ id: newest });
  expect(await me.history.byPicture({ hash: 'f'.repeat(64) })).toBeNull();
});

test('several are removed at once, and none when one has not ended', async () => {
  const { me, add } = person();
  const ids = [await add({}), await add({ state: 'failed' }), await add({ state: 'cancelled' })];
  const waiting = await add({ state: 'queued' });
  await expect(me.history.removeMany({ ids: [...ids, waiting] })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/1 of these are still running/),
  });
  expect((await me.history.search({})).items).toHaveLength(4);
  await me.history.removeMany({ ids: [...ids, ids[0]!] });
  expect((await me.history.search({})).items.map(({ id }) => id)).toEqual([waiting]);
  await expect(me.history.removeMany({ ids })).rejects.toMatchObject(missing);
  await expect(me.history.removeMany({ ids: [] })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('nobody finds, walks or removes another’s results', async () => {
  const { me, add } = person();
  const stranger = person();
  const picture = await storeColour(studio.services, '#654321');
  const id = await add({ picture });
  const child = await add({ parentId: id });
  const own = await stranger.add({});
  expect((await stranger.me.history.search({ query: 'apples' })).items.map((item) => item.id)).toEqual([own]);
  expect((await stranger.me.history.search({ cursor: child })).items.map((item) => item.id)).not.toContain(
    id,
  );
  await expect(stranger.me.history.lineage({ id })).rejects.toMatchObject(missing);
  expect(await stranger.me.history.byPicture({ hash: picture.hash })).toBeNull();
  await expect(stranger.me.history.removeMany({ ids: [own, id] })).rejects.toMatchObject(missing);
  expect((await stranger.me.history.search({})).items).toHaveLength(1);
  expect((await me.history.lineage({ id })).nodes).toHaveLength(2);
});
