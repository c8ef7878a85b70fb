import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { benchmarkOf } from '../../eval/benchmarks';
import { officialPrompts } from '../../eval/benchmarks/geneval/prompts';
import { storeDataset } from '../../server/evaluation/dataset-store';
import { insertSample, scoreSample } from '../../server/evaluation/sample-store';
import { createRun } from '../../server/evaluation/service';
import { serveRunExport } from '../../server/api/web/run-export';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { evaluationOf, tinyEvaluators } from '../support/evaluation';
import { storeColour } from '../support/results';
import { publish } from '../support/runs';
import { createStudio, type TestStudio } from '../support/studio';

/** Runs whose detections are written by hand: of a single object, by its score; the second run sees more. */
let database: TestDatabase;
let studio: TestStudio;
let first: string;
let second: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  first = await made([0.6, 0.4, 0.2, 0.35]);
  second = await made([0.7, 0.1, 0.5, 0.45]);
  await publish(database.db, first, second);
}, 60_000);
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const code = (expected: string, reason: string) =>
  expect.objectContaining({ code: expected, cause: expect.objectContaining({ reason }) });

async function made(scores: readonly number[]): Promise<string> {
  const { services } = studio;
  const runs = evaluationOf(database.url, studio);
  const revision = await runs.stub();
  await runs.close();
  const geneval = await benchmarkOf('geneval');
  const version = await storeDataset(services, geneval, await geneval.open({}));
  const id = await createRun(
    services,
    {
      ...{ benchmark: geneval, version, revision, settings: {}, repeats: 2, evaluators: tinyEvaluators },
      subset: { positions: [0, 1] },
    },
    false,
  );
  const { hash } = await storeColour(services, '#808080', 16);
  const items = await database.db.prisma.item.findMany({
    where: { versionId: version.id, position: { in: [0, 1] } },
    orderBy: { position: 'asc' },
  });
  for (const [i, score] of scores.entries()) {
    const item = items[Math.floor(i / 2)]!;
    const key = { runId: id, itemId: item.id, repeat: i % 2 };
    const sample = await insertSample(
      services.db,
      key,
      { pictureHash: hash, latencyMs: i + 1 },
      {
        ...{ workerId: null, cacheKey: null },
      },
    );
    const name = officialPrompts()[item.position]!.include[0]!.class;
    const correct = score > 0.3;
    await scoreSample(services.db, geneval, sample!, {
      scores: [
        {
          metric: 'correct',
          value: correct ? 1 : 0,
          details: {
            reason: correct ? '' : `expected ${name}>=1, found 0`,
            margin: Math.abs(score - 0.3),
            detections: { [name]: [{ box: [0, 0, 8, 8], score }] },
            masks: { [name]: [correct ? [0, 256] : null] },
          },
        },
      ],
    });
  }
  return id;
}

test('a sweep judges all samples again by every threshold, as their run did at its own', async () => {
  const publicly = studio.as();
  const { points, current } = await publicly.runs.sweep({ runId: first });
  expect(current).toMatchObject({ default: expect.any(Number), counting: expect.any(Number) });
  expect(points).toHaveLength(18);
  const at = (threshold: number) => points.find((point) => point.threshold === threshold);
  expect(at(0.3)).toMatchObject({ overall: 0.75, gained: 0, lost: 0, unknown: 0 });
  expect(at(0.1)).toMatchObject({ overall: 1, gained: 1, lost: 0, groups: { single_object: 1 } });
  expect(at(0.5)).toMatchObject({ overall: 0.25, gained: 0, lost: 2 });
  const flips = await publicly.runs.flips({ runId: first, threshold: 0.5 });
  expect(flips).toMatchObject({ total: 2, unknown: 0, items: [{ before: true, after: false }, {}] });
  expect(flips.items[0]!.afterReason).toMatch(/^expected .*>=1, found 0$/);
  // A threshold between those of the sweep.
  expect((await publicly.runs.flips({ runId: first, threshold: 0.37 })).total).toBe(1);
  expect((await publicly.runs.flips({ runId: first, threshold: 0.5, group: 'counting' })).total).toBe(0);
});

test('the closest decisions come first, and a sample tells its decisions, boxes and masks', async () => {
  const publicly = studio.as();
  const { items } = await publicly.runs.samples({ runId: first, filter: { order: 'margin' } });
  expect(items.map(({ margin }) => margin!.toFixed(2))).toEqual(['0.05', '0.10', '0.10', '0.30']);
  expect(await publicly.runs.sample({ id: items[0]!.id })).toMatchObject({
    expected: { kind: 'objects', include: [{ count: 1, color: null, position: null }], exclude: [] },
    threshold: 0.3,
    decisions: [{ value: 0.35, threshold: 0.3, passed: true }],
    detections: [{ box: [0, 0, 8, 8], counted: true, mask: { width: 16, height: 16, runs: [0, 256] } }],
    siblings: [{ repeat: 0 }],
  });
  const { total } = await publicly.runs.samples({ runId: first, filter: { reason: 'found 0' } });
  expect(total).toBe(1);
});

test('two runs are compared by samples and by items, and their items are shown', async () => {
  const publicly = studio.as();
  const found = await publicly.runs.compare({ first, second });
  expect(found).toMatchObject({ common: 4, alone: { first: 0, second: 0 }, differences: [] });
  expect(found.metrics).toMatchObject([
    {
      ...{ metric: 'correct', first: 0.75, second: 0.75, difference: 0, gained: 1, lost: 1, test: 'mcnemar' },
      ...{ p: 1, verdict: 'tie', byItem: { n: 2, p: 1, verdict: 'tie' } },
    },
  ]);
  expect(found.groups).toEqual([
    { group: 'single_object', metric: 'correct', first: 0.75, second: 0.75, n: 4 },
  ]);
  const which = async (one: 'gained' | 'lost' | 'both' | 'neither', more: object = {}) => {
    const asked = { first, second, metric: 'correct', which: one, ...more };
    const { items, total } = await publicly.runs.comparedItems(asked);
    expect(items).toHaveLength(total ?? -1);
    return items.map((item) => [item.first.position, item.first.repeat, item.second.repeat]);
  };
  expect(await which('gained')).toEqual([[1, 0, 0]]);
  expect(await which('lost')).toEqual([[0, 1, 1]]);
  expect(await which('both')).toEqual([
    [0, 0, 0],
    [1, 1, 1],
  ]);
  expect(await which('neither')).toEqual([]);
  expect(await which('both', { groups: ['counting'] })).toEqual([]);
  expect(await which('neither', { metric: 'no such figure' })).toEqual([]);
  const asked = { first, second, metric: 'correct', which: 'both', limit: 1 } as const;
  const { nextCursor } = await publicly.runs.comparedItems(asked);
  const next = await publicly.runs.comparedItems({ ...asked, cursor: nextCursor });
  expect(next).toMatchObject({ items: [{ first: { position: 1 } }], nextCursor: null, total: null });
  await expect(publicly.runs.comparedItems({ ...asked, which: 'lost', cursor: nextCursor })).rejects.toEqual(
    code('BAD_REQUEST', 'FOREIGN_CURSOR'),
  );
  await expect(publicly.runs.compare({ first, second: randomUUID() })).rejects.toEqual(
    code('NOT_FOUND', 'NO_RUN'),
  );
});

test('a run is exported as lines, as a table that no spreadsheet runs, and as one object', async () => {
  await database.db.pool.query(
    `UPDATE sample SET reason = '=cmd|x' WHERE run_id = $1 AND reason IS NOT NULL`,
    [first],
  );
  const get = (id: string, format: string) =>
    serveRunExport(new Request(`http://studio.test/?format=${format}`), id, studio.services);
  const lines = (await (await get(first, 'jsonl')).text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    {
      ...{ key: '00000', repeat: 0, correct: true, scores: { correct: 1 } },
      run: {
        id: first,
        name: null,
        tags: [],
        benchmark: 'geneval',
        protocol: 'geneval 2',
        incomplete: false,
      },
    },
    { key: '00000', repeat: 1 },
    { key: '00001', repeat: 0, correct: false, reason: '=cmd|x' },
    { key: '00001', repeat: 1 },
  ]);
  const csv = await get(first, 'csv');
  expect(csv.headers.get('content-disposition')).toContain('.csv');
  const table = (await csv.text()).trim().split('\r\n');
  expect(table).toHaveLength(5);
  expect(table[0]).toMatch(/^key,position,group,.*,cached,correct$/);
  expect(table[0]).toContain(',run,run_name,tags,model,version,benchmark,protocol,settings,incomplete,');
  expect(table[1]).toContain(first);
  expect(table[3]).toContain(",'=cmd|x,");
  expect(await (await get(first, 'json')).json()).toMatchObject({
    run: { id: first },
    samples: { length: 4 },
  });
  expect((await get(first, 'xls')).status).toBe(400);
  expect((await get(randomUUID(), 'csv')).status).toBe(404);
  expect((await get('x', 'csv')).status).toBe(404);
});
