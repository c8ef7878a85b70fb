import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { pruneGrids } from '../../server/demo/grids/service';
import { createStudio, type TestStudio } from '../support/studio';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Grids without a worker, what is queued stays queued; the last test has one. */
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

const base = { task: 'generate', prompt: 'two red apples' } as const;
const steps = (...values: number[]) => ({ parameter: 'steps' as const, values });
const seeds = (...values: number[]) => ({ parameter: 'seed' as const, values });
const request = (change: object = {}) => ({
  ...{ base, x: steps(2, 3), y: seeds(7, 8), requestId: randomUUID() },
  ...change,
});
const stored = async (table: 'grid' | 'generation') =>
  (await studio.services.db.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n;

test('a grid stores every cell at its place, in the order in which they run', async () => {
  const me = studio.as();
  const grid = await me.grids.submit(request());
  expect(grid).toMatchObject({ x: steps(2, 3), y: seeds(7, 8) });
  expect(grid.generations.map((g) => [g.grid, g.state, g.parameters.steps, g.parameters.seed])).toEqual([
    [{ id: grid.id, x: 0, y: 0 }, 'queued', 2, 7],
    [{ id: grid.id, x: 1, y: 0 }, 'queued', 3, 7],
    [{ id: grid.id, x: 0, y: 1 }, 'queued', 2, 8],
    [{ id: grid.id, x: 1, y: 1 }, 'queued', 3, 8],
  ]);
  expect(await me.grids.get({ id: grid.id })).toEqual(grid);
  const places = await Promise.all(grid.generations.map(({ id }) => me.demo.queue({ id })));
  expect(places.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  expect((await me.demo.list({})).items.map((g) => g.grid?.id)).toEqual(Array(4).fill(grid.id));
  await me.grids.cancel({ id: grid.id });
});

test('a seed that is not given is drawn once for all cells', async () => {
  const me = studio.as();
  const { id, generations } = await me.grids.submit(request({ y: undefined, x: steps(1, 2, 3) }));
  const drawn = new Set(generations.map((g) => g.parameters.seed));
  expect(drawn.size).toBe(1);
  expect([...drawn][0]).toEqual(expect.any(Number));
  await me.grids.cancel({ id });
});

test('a cell that cannot be made is named, and nothing is stored', async () => {
  const me = studio.as();
  const before = [await stored('grid'), await stored('generation')];
  const refused = await me.grids.submit(request({ x: steps(2, 51) })).catch((e: unknown) => e);
  expect(refused).toMatchObject({
    code: 'BAD_REQUEST',
    message: 'The cell “steps 51, seed 7” can’t be generated: steps 51: must be a whole number from 1 to 50.',
    cause: { reason: 'GRID_CELL', params: { column: 2, row: 1 } },
  });
  const word = { parameter: 'replace' as const, values: ['green', 'red'] };
  await expect(me.grids.submit(request({ x: word }))).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    cause: { reason: 'GRID_WORD_MISSING', params: { word: 'green' } },
  });
  const size = { parameter: 'size' as const, values: ['64x64', '64x65'] };
  await expect(me.grids.submit(request({ x: size }))).rejects.toThrow(/“size 64x65, seed 7”/);
  await expect(me.grids.submit(request({ base: { task: 'edit', prompt: 'x' } }))).rejects.toThrow(
    /needs a source/,
  );
  await expect(me.grids.submit(request({ base: { ...base, prompt: ' ' } }))).rejects.toThrow(
    /prompt is empty/,
  );
  expect([await stored('grid'), await stored('generation')]).toEqual(before);
});

test('cells count among the twenty that may wait', async () => {
  const me = studio.as();
  await me.demo.submit(base);
  const full = request({ x: steps(1, 2, 3, 4, 5), y: seeds(1, 2, 3, 4) });
  await expect(me.grids.submit(full)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  const { id, generations } = await me.grids.submit({ ...full, y: seeds(1, 2, 3) });
  expect(generations).toHaveLength(15);
  await expect(me.grids.submit(request({ x: steps(1, 2, 3), y: seeds(1, 2) }))).rejects.toMatchObject({
    code: 'TOO_MANY_REQUESTS',
  });
  await me.grids.cancel({ id });
});

test('the same request again, even at once, is the same grid', async () => {
  const [me, other] = [studio.as(), studio.as()];
  const again = request();
  const grids = await Promise.all(Array.from({ length: 4 }, () => me.grids.submit(again)));
  expect(new Set(grids.map((grid) => grid.id)).size).toBe(1);
  expect((await me.demo.list({})).items).toHaveLength(4);
  const theirs = await other.grids.submit(again);
  expect(theirs.id).not.toBe(grids[0]?.id);
  await other.grids.cancel(theirs);
  await me.grids.cancel(grids[0]!);
});

test('a visitor sees and touches no grid of another, by any procedure', async () => {
  const [owner, other] = [studio.as(), studio.as()];
  const { id, generations } = await owner.grids.submit(request());
  const missing = { code: 'NOT_FOUND' };
  await expect(other.grids.get({ id })).rejects.toMatchObject(missing);
  await expect(other.grids.cancel({ id })).rejects.toMatchObject(missing);
  await expect(other.grids.remove({ id })).rejects.toMatchObject(missing);
  const stolen = request({ base: { ...base, parentId: generations[0]?.id } });
  await expect(other.grids.submit(stolen)).rejects.toMatchObject(missing);
  expect((await owner.grids.get({ id })).generations.map((g) => g.state)).toEqual(Array(4).fill('queued'));
  await owner.grids.cancel({ id });
});

test('a grid is removed with its cells, once they have ended', async () => {
  const me = studio.as();
  const { id } = await me.grids.submit(request());
  await expect(me.grids.remove({ id })).rejects.toMatchObject({ code: 'CONFLICT' });
  const cancelled = await me.grids.cancel({ id });
  expect(cancelled.generations.map((g) => g.state)).toEqual(Array(4).fill('cancelled'));
  await me.grids.remove({ id });
  await expect(me.grids.get({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await me.demo.list({})).items).toEqual([]);
});

test('a grid whose cells were removed one by one is swept away', async () => {
  const me = studio.as();
  const kept = await me.grids.submit(request({ y: undefined }));
  const emptied = await me.grids.submit(request({ y: undefined }));
  await me.grids.cancel(emptied);
  for (const { id } of emptied.generations) await me.demo.remove({ id });
  expect(await pruneGrids(studio.services.db.pool)).toBe(1);
  await expect(me.grids.get(emptied)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await me.grids.get(kept)).generations).toHaveLength(2);
  await me.grids.cancel(kept);
});

test('cells run, and cancelling stops what runs and what waits', async () => {
  const me = studio.as();
  await studio.worker();
  const done = await me.grids.submit(request());
  for (const { id } of done.generations) expect(await studio.reaches(id, 'done', 'failed')).toBe('done');
  const long = { ...base, prompt: 'steps=200 delay=20' };
  const { id, generations } = await me.grids.submit(request({ base: long }));
  await studio.reaches(generations[0]!.id, 'running');
  await me.grids.cancel({ id });
  for (const cell of generations) await studio.reaches(cell.id, 'cancelled');
  expect((await me.grids.get(done)).generations.every((g) => g.state === 'done' && g.picture)).toBe(true);
});
