import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { seedPublished } from '../../server/evaluation/published/seed';
import type { Leaderboard } from '../../server/evaluation/leaderboard/schema';
import { computeTests } from '../../server/worker/leaderboard-handler';
import { wholeView, type View } from '../../server/evaluation/leaderboard/view';
import { serveTable } from '../../server/api/web/leaderboard';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeRun, verdicts } from '../support/runs';
import { createStudio, type TestStudio } from '../support/studio';

let database: TestDatabase;
let studio: TestStudio;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  await seedPublished(database.db);
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

/** Every test that is asked for, as the worker computes it. */
async function work(): Promise<number> {
  const { rows } = await database.db.pool.query<{ versionId: string; fingerprint: string }>(
    `SELECT DISTINCT version_id AS "versionId", fingerprint FROM evaluation_run`,
  );
  for (const board of rows) await computeTests(studio.services, board);
  const { rowCount } = await database.db.pool.query('SELECT 1 FROM leaderboard_test');
  return rowCount ?? 0;
}

const waitingJobs = async () => {
  const { rows } = await database.db.pool.query<{ key: string }>(
    `SELECT key FROM graphile_worker.jobs WHERE task_identifier = 'leaderboard-tests.v1'`,
  );
  return rows.map(({ key }) => key);
};

const table = (benchmark = 'geneval') => studio.as().leaderboard.table({ benchmark });
const rowOf = ({ rows }: Leaderboard, model: string, kind = 'measured') =>
  rows.find((row) => row.model === model && row.kind === kind)!;

describe('what papers report', () => {
  test('stands on boards of its own, with its source', async () => {
    const { boards, rows, metrics, main, benchmark } = await table();
    expect(benchmark).toMatchObject({ name: 'geneval', title: 'GenEval', task: 'generate' });
    expect(main).toBe('accuracy');
    expect(metrics.slice(0, 3).map(({ metric }) => metric)).toEqual([
      'accuracy',
      'single_object',
      'two_object',
    ]);
    expect(boards).toMatchObject([{ kind: 'published', test: null, published: { place: 'Table 2' } }]);
    expect(rows).toHaveLength(11);
    const best = rows.find(({ rank }) => rank === 1)!;
    expect(best).toMatchObject({ model: 'Nexus-Gen*', kind: 'published', runId: null, groups: '' });
    expect(best.figures.accuracy).toEqual({ value: 0.81, decimals: 2, interval: null, n: null });
    expect(best.provenance).toMatchObject({ place: 'Table 2', url: 'https://arxiv.org/abs/2504.21356' });
    // Equal figures share a place.
    const second = rows.filter(({ rank }) => rank === 2).map(({ model }) => model);
    expect(second.sort()).toEqual(['Janus-Pro 7B', 'MetaQuery-XL']);
  });

  test('is marked where its overall is not the mean of its categories', async () => {
    const { rows } = await table();
    const marked = rows.filter(({ inconsistentMean }) => inconsistentMean !== null);
    expect(marked.map(({ model }) => model)).toEqual(['TokenFlow-XL']);
    expect(marked[0]!.inconsistentMean).toBeCloseTo(0.528, 3);
  });

  test.each([
    ['mme', 'MME', 'mme_p', 1],
    ['textvqa', 'TextVQA', 'textvqa', 1],
    ['mmmu', 'MMMU', 'accuracy', 1],
    ['imagepulse', 'ImagePulse editing', 'dino_o', 3],
  ])('has a table for %s too', async (name, title, main, decimals) => {
    const found = await table(name);
    expect(found).toMatchObject({ benchmark: { title }, main });
    expect(found.rows.length).toBeGreaterThan(3);
    expect(found.rows.find(({ rank }) => rank === 1)!.figures[main]!.decimals).toBe(decimals);
  });

  test('and of nothing there is no table', async () => {
    await expect(table('no-such')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await table('synthetic-edits')).rows).toEqual([]);
  });
});

describe('what is measured', () => {
  let good: string;
  beforeAll(async () => {
    const { db } = database;
    await makeRun(db, { model: 'alpha', values: verdicts(100, 40), at: new Date('2026-01-01') });
    good = await makeRun(db, { model: 'alpha', values: verdicts(100, 90), at: new Date('2026-02-01') });
    await makeRun(db, { model: 'beta', values: verdicts(100, 88), latencyMs: null });
    await makeRun(db, { model: 'gamma', values: verdicts(100, 30) });
    await makeRun(db, { model: 'broken', values: verdicts(100, 95), incomplete: true });
    await makeRun(db, { model: 'other', values: verdicts(100, 99), settings: { seed: 7 }, recorded: true });
  });

  test('is asked to be tested, and not grouped before that', async () => {
    const before = await table();
    const board = before.boards[0]!;
    expect(board).toMatchObject({ kind: 'measured', measured: { items: 100, repeats: 1, whole: true } });
    expect(board.test).toMatchObject({ name: 'mcnemar', pairs: 3, pending: 3, rows: 3, items: null });
    // Nobody is there to compute them, and the board says so.
    expect(board.test?.unserved).toBe(true);
    expect(before.rows.filter(({ kind }) => kind === 'measured').map(({ groups }) => groups)).toEqual(
      Array(5).fill(''),
    );
    expect(await waitingJobs()).toHaveLength(1);
    await table();
    expect(await waitingJobs()).toHaveLength(1);
  });

  test('is grouped and placed by the tests, the newest run of each model', async () => {
    expect(await work()).toBe(3);
    // What is there is not computed again.
    expect(await work()).toBe(3);
    const found = await table();
    const board = found.boards[0]!;
    expect(board.test).toEqual({
      ...{ name: 'mcnemar', correction: 'Holm', level: 0.05, pairs: 3, pending: 0, rows: 3, untested: 0 },
      items: 100,
    });
    const on = found.rows.filter((row) => row.board === board.id);
    expect(Object.fromEntries(on.map(({ model, rank, groups }) => [model, [rank, groups]]))).toEqual({
      alpha: [1, 'a'],
      beta: [1, 'a'],
      gamma: [3, 'b'],
      broken: [null, ''],
    });
    expect(rowOf(found, 'alpha')).toMatchObject({ runId: good, id: `run:${good}`, latencyMs: 250 });
    expect(rowOf(found, 'alpha').figures.accuracy).toEqual({
      ...{ value: 0.9, decimals: 3, n: 100 },
      interval: [expect.closeTo(0.88, 6), expect.closeTo(0.92, 6)],
    });
    expect(rowOf(found, 'alpha').figures.counting!.value).toBeCloseTo(0.9, 6);
    expect(rowOf(found, 'broken')).toMatchObject({ incomplete: true });
  });

  test('is ranked only with what was measured the same way', async () => {
    const found = await table();
    const other = rowOf(found, 'other');
    expect(other).toMatchObject({ rank: 1, groups: '', recorded: true });
    const boards = found.boards.filter(({ kind }) => kind === 'measured');
    expect(boards).toHaveLength(2);
    expect(boards.find(({ id }) => id === other.board)).toMatchObject({
      distinct: { 'settings.seed': '7' },
      test: null,
    });
    expect(boards.find(({ id }) => id !== other.board)!.distinct).toEqual({ 'settings.seed': '42' });
    for (const { id } of found.boards)
      expect(new Set(found.rows.filter(({ board }) => board === id).map(({ kind }) => kind)).size).toBe(1);
  });

  test('samples of one prompt are not taken for independent ones', async () => {
    const { db } = database;
    const settings = { seed: 11 };
    // Five prompts of four pictures are gained: 2 · 0.5⁵ is no finding, 2 · 0.5²⁰ would be one.
    await makeRun(db, { model: 'four', values: verdicts(60, 30, 4), settings });
    await makeRun(db, { model: 'fives', values: verdicts(60, 35, 4), settings });
    await work();
    const found = await table();
    expect([rowOf(found, 'fives').groups, rowOf(found, 'four').groups]).toEqual(['a', 'a']);
    const { rows } = await db.pool.query(
      `SELECT t.p, t.items FROM leaderboard_test t JOIN evaluation_run r ON r.id = t.first_id WHERE r.repeats = 4`,
    );
    expect(rows).toEqual([{ p: 0.0625, items: 60 }]);
  });

  test('figures are compared by the paired bootstrap', async () => {
    const { db } = database;
    const figure = (more: number) =>
      Array.from({ length: 50 }, (_, i) => [0.5 + ((i * 37) % 50) / 200 + more]);
    const benchmark = 'synthetic-edits';
    await makeRun(db, { benchmark, model: 'one', values: figure(0) });
    await makeRun(db, { benchmark, model: 'two', values: figure(0.02) });
    await makeRun(db, {
      ...{ benchmark, model: 'three' },
      values: figure(0.02).map(([value], i) => [value! + (i % 2 ? 0.001 : -0.001)]),
    });
    await work();
    const found = await table(benchmark);
    expect(found.boards[0]!.test).toMatchObject({ name: 'paired bootstrap', pending: 0 });
    const groups = Object.fromEntries(found.rows.map(({ model, rank, groups: own }) => [model, [rank, own]]));
    expect(groups).toEqual({ two: [1, 'a'], three: [1, 'a'], one: [3, 'b'] });
  });

  test('tests go with their run, and the row with them', async () => {
    const { db } = database;
    const id = await makeRun(db, { model: 'short-lived', values: verdicts(100, 10) });
    await work();
    const among = () =>
      db.pool.query(`SELECT 1 FROM leaderboard_test WHERE $1 IN (first_id, second_id)`, [id]);
    expect((await among()).rowCount).toBe(3);
    await db.pool.query('DELETE FROM evaluation_run WHERE id = $1', [id]);
    expect((await among()).rowCount).toBe(0);
    const found = await table();
    expect(rowOf(found, 'short-lived')).toBeUndefined();
    expect(found.boards[0]!.test).toMatchObject({ pairs: 3, pending: 0 });
  });

  test('the worker computes what is asked for', async () => {
    const { db } = database;
    await makeRun(db, { model: 'fresh', values: verdicts(100, 85) });
    expect((await table()).boards[0]!.test!.pending).toBe(3);
    const worker = await studio.worker({ only: 'evaluation' });
    try {
      await expect.poll(async () => (await table()).boards[0]!.test!.pending, { timeout: 20_000 }).toBe(0);
    } finally {
      await worker.stop();
    }
  });

  test('every run of a model is its history', async () => {
    const history = await studio.as().leaderboard.history({ benchmark: 'geneval', model: 'alpha' });
    expect(history.map(({ figure }) => figure.value)).toEqual([0.4, 0.9]);
    expect(history.at(-1)).toMatchObject({ runId: good, version: '1.0', incomplete: false });
    expect(await studio.as().leaderboard.history({ benchmark: 'mme', model: 'alpha' })).toEqual([]);
  });

  test('the overview has the best complete figure of each model, measured or published', async () => {
    const { benchmarks, rows } = await studio.as().leaderboard.overview();
    expect(benchmarks.find(({ name }) => name === 'geneval')).toMatchObject({ measured: 8, published: 11 });
    expect(benchmarks.map(({ name }) => name)).toContain('realworldqa');
    const of = (model: string) => rows.find((row) => row.model === model)?.figures.geneval;
    expect(of('alpha')).toMatchObject({ value: 0.9, kind: 'measured', runId: good });
    expect(of('Nexus-Gen*')).toMatchObject({
      value: 0.81,
      kind: 'published',
      source: expect.stringContaining('Table 2'),
    });
    expect(of('broken')).toBeUndefined();
    expect(of('other')).toMatchObject({ source: 'recorded in the repository' });
  });

  test('a citation says what was measured how, and where', async () => {
    const { text, bibtex } = await studio.as().leaderboard.citation({ runId: good });
    for (const part of [
      'alpha 1.0 on GenEval',
      '0.900',
      '0.880 to 0.920',
      'geneval 2',
      'cccccccccccc',
      `/runs/${good}`,
    ])
      expect(text).toContain(part);
    expect(bibtex).toMatch(/^@misc\{run-[0-9a-f]{8},\n {2}title = \{alpha 1\.0 on GenEval\},/);
    expect(bibtex).toContain('95 \\% interval');
    await expect(studio.as().leaderboard.citation({ runId: crypto.randomUUID() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('nothing tells the public which host measured it', async () => {
    const all = JSON.stringify([await table(), await studio.as().leaderboard.overview()]);
    expect(all).not.toContain('secret-host');
  });
});

describe('exports', () => {
  const get = async (format: string | null, view: Partial<View> = {}) => {
    const response = await serveTable(studio.services, 'geneval', format, { ...wholeView, ...view });
    return { response, body: await response.text() };
  };

  test('a model whose name is a formula is harmless in every format', async () => {
    const settings = { seed: 99 };
    await makeRun(database.db, { model: '=HYPERLINK("http://x")|a_b', values: verdicts(10, 5), settings });
    const view = { q: 'hyperlink' };
    const csv = await get('csv', view);
    expect(csv.response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.response.headers.get('content-disposition')).toBe('attachment; filename="geneval.csv"');
    expect(csv.body.split('\r\n')).toHaveLength(3);
    expect(csv.body).toContain(`"'=HYPERLINK(""http://x"")|a_b",1.0,measured,`);
    expect((await get('md', view)).body).toContain('=HYPERLINK("http://x")\\|a\\_b 1.0');
    expect((await get('tex', view)).body).toContain('=HYPERLINK("http://x")\\textbar{}a\\_b 1.0');
    const json = JSON.parse((await get(null, view)).body) as { boards: { rows: { model: string }[] }[] };
    expect(json.boards[0]!.rows[0]!.model).toBe('=HYPERLINK("http://x")|a_b');
  });

  test('have the rows and columns of the view, told apart', async () => {
    const view = {
      columns: ['accuracy', 'groups'],
      kind: 'published',
      sort: { column: 'model', desc: false },
    } as const;
    const { body } = await get('md', view);
    expect(body).toContain('| rank | model | kind | groups | accuracy |');
    expect(body).toContain(
      '| 9 | TokenFlow-XL \\[mean of its categories is 0.528\\] | published |  | 0.55 |',
    );
    expect(body).not.toContain('| measured |');
    const models = [...body.matchAll(/^\| \d+ \| (\S+)/gm)].map((match) => match[1]);
    expect(models).toEqual([...models].sort((a, b) => a!.localeCompare(b!, 'en', { numeric: true })));
    expect((await get('tex', { board: 'no such', limit: { metric: 'accuracy', value: 0.85 } })).body).toMatch(
      /1 & alpha 1\.0 & measured & a & 0\.900 \(0\.880--0\.920\)/,
    );
  });

  test('of another format or benchmark are refused', async () => {
    expect((await get('xlsx')).response.status).toBe(400);
    const missing = await serveTable(studio.services, '../x', 'csv', wholeView);
    expect(missing.status).toBe(404);
  });
});
