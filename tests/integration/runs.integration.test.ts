import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Revision } from '../../server/evaluation/revisions';
import { provisionalOf } from '../../server/evaluation/runs/provisional';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { evaluationOf, firstEdits, openQuestions } from '../support/evaluation';
import { publish } from '../support/runs';
import { createStudio, type TestStudio } from '../support/studio';

let database: TestDatabase;
let studio: TestStudio;
let runs: ReturnType<typeof evaluationOf>;
let stub: Revision;
let edits: string;
let questions: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  runs = evaluationOf(database.url, studio);
  await runs.ready;
  stub = await runs.stub();
  const worker = await studio.worker();
  await worker.modelSettled;
  edits = await runs.start('synthetic-edits', firstEdits(10), { revision: stub, repeats: 2 });
  await runs.reaches(edits, 'done');
  questions = await runs.start('synthetic-mmmu', openQuestions(30), { revision: stub });
  await runs.reaches(questions, 'done');
  await publish(database.db, edits, questions);
}, 60_000);
afterAll(async () => {
  await runs.close();
  await studio.close();
  await database.drop();
});

const code = (expected: string, reason?: string) =>
  expect.objectContaining({
    code: expected,
    ...(reason ? { cause: expect.objectContaining({ reason }) } : {}),
  });

test('runs are listed newest first, page by page, with what a list shows', async () => {
  const publicly = studio.as();
  const { items } = await publicly.runs.list({});
  expect(items.map(({ id }) => id)).toEqual([questions, edits]);
  expect(items[1]).toMatchObject({
    state: 'done',
    benchmark: { name: 'synthetic-edits', task: 'edit', synthetic: true },
    model: { name: stub.name, kind: 'directory', revisionId: stub.id },
    headline: { metric: 'dino_o', n: 10, unit: 'cosine', decimals: 3 },
    ...{
      done: 20,
      expected: 20,
      failed: 0,
      incomplete: false,
      startedBy: null,
      recorded: false,
      preparing: false,
    },
  });
  expect(items[0]).toMatchObject({ headline: { metric: 'accuracy', n: 30, mean: 0.5 }, done: 30 });
  const first = await publicly.runs.list({ limit: 1 });
  const second = await publicly.runs.list({ limit: 1, cursor: first.nextCursor });
  expect([...first.items, ...second.items]).toEqual(items);
  expect(second.nextCursor).toBeNull();
  const ids = async (filter: object) => (await publicly.runs.list(filter)).items.map(({ id }) => id);
  expect(await ids({ benchmark: 'synthetic-edits' })).toEqual([edits]);
  expect(await ids({ state: 'failed' })).toEqual([]);
  expect(await ids({ query: stub.name.toUpperCase() })).toHaveLength(2);
  expect(await ids({ query: '%' })).toEqual([]);
});

test('a run that goes on has the score of what is scored by now, summed up as its end will be', async () => {
  const { db } = studio.services;
  const { items } = await studio.as().runs.list({});
  const soFar = (
    id: string,
    benchmark: string,
    state: string,
    counts: { generated: number; scored: number },
  ) => provisionalOf(db, { id, benchmark, state, preparing: false, expected: 60, ...counts });
  expect(await soFar(edits, 'synthetic-edits', 'running', { generated: 0, scored: 20 })).toEqual({
    ...{ metric: 'dino_o', mean: expect.closeTo(items[1]!.headline!.mean, 10), n: 20, interval: null },
    ...{ unit: 'cosine', decimals: 3, provisional: true },
  });
  // Answers are scored with the last of them; until then their score is that of those that are there.
  expect(await soFar(questions, 'synthetic-mmmu', 'paused', { generated: 30, scored: 0 })).toMatchObject({
    ...{ metric: 'accuracy', mean: 0.5, n: 30, unit: 'percent', decimals: 1, provisional: true },
  });
  expect(await soFar(edits, 'synthetic-edits', 'done', { generated: 0, scored: 20 })).toBeNull();
  expect(await soFar(edits, 'synthetic-edits', 'running', { generated: 0, scored: 0 })).toBeNull();
  expect(items.map((one) => one.headline?.provisional)).toEqual([false, false]);
  expect(items[0]).toMatchObject({ scored: 30, items: { measured: 30 } });
});

test('a run tells its figures, counts and how it was measured, and the public no host', async () => {
  const told = await studio.as().runs.get({ id: edits });
  expect(told).toMatchObject({
    protocol: 'editing 1',
    groups: ['add', 'remove', 'replace', 'recolour', 'move'],
    counts: { expected: 20, scored: 20, generated: 0, failed: 0, unscored: 0, missing: 0, cached: 0 },
    latency: { n: 20 },
    problems: [],
    repeats: 2,
    sweep: false,
  });
  expect(told.metrics.map(({ metric }) => metric)).toEqual(['dino_o', 'clip_o', 'clip_t', 'l1']);
  expect(told.aggregates).toHaveLength(24);
  expect(told.provenance).toMatchObject({ workers: [{ device: 'cpu' }], node: process.versions.node });
  expect(JSON.stringify(told)).not.toMatch(/"host"/);
  const team = await (await studio.asUser(await studio.user('viewer'))).runs.get({ id: edits });
  expect(team.provenance).toMatchObject({ machine: { host: expect.any(String) } });
});

test('samples come in the order of the items, page by page, each once', async () => {
  const publicly = studio.as();
  const all: string[] = [];
  let cursor: string | null = null;
  let total: number | null = null;
  do {
    const page = await publicly.runs.samples({ runId: edits, cursor, limit: 7 });
    total ??= page.total;
    all.push(...page.items.map(({ key, repeat }) => `${key} ${repeat}`));
    cursor = page.nextCursor;
  } while (cursor);
  expect(total).toBe(20);
  expect(all).toEqual(Array.from({ length: 20 }, (_, i) => `edit-${Math.floor(i / 2)} ${i % 2}`));
});

test.each(['lowest', 'highest', 'slowest', 'margin'] as const)(
  'the order %s has every sample that has the figure once, by the figure',
  async (order) => {
    const publicly = studio.as();
    const seen: { id: string; by: number }[] = [];
    let cursor: string | null = null;
    do {
      const page = await publicly.runs.samples({ runId: edits, filter: { order }, cursor, limit: 3 });
      for (const tile of page.items) {
        const value = tile.scores.find(({ metric }) => metric === 'dino_o')!.value;
        seen.push({ id: tile.id, by: order === 'slowest' ? tile.latencyMs! : value });
      }
      cursor = page.nextCursor;
    } while (cursor);
    // Nothing is decided about an edit.
    expect(new Set(seen.map(({ id }) => id)).size).toBe(order === 'margin' ? 0 : 20);
    const sorted = seen.map(({ by }) => by).sort((a, b) => (order === 'lowest' ? a - b : b - a));
    expect(seen.map(({ by }) => by)).toEqual(sorted);
  },
);

test('another figure of an edit sorts and filters as well', async () => {
  const publicly = studio.as();
  const filter = { order: 'lowest', metric: 'l1' } as const;
  const { items, total } = await publicly.runs.samples({ runId: edits, filter });
  const values = items.map(({ scores }) => scores.find(({ metric }) => metric === 'l1')!.value);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  expect(total).toBe(20);
  const [low, high] = [values[3]!, values[9]!];
  const some = await publicly.runs.samples({ runId: edits, filter: { ...filter, min: low, max: high } });
  expect(some.items.map(({ id }) => id)).toEqual(
    items.filter((_, i) => values[i]! >= low && values[i]! <= high).map(({ id }) => id),
  );
});

test('samples are filtered by group, verdict, state and words, with the number of those', async () => {
  const publicly = studio.as();
  const of = async (runId: string, filter: object) => {
    const { items, total } = await publicly.runs.samples({ runId, filter, limit: 200 });
    expect(items).toHaveLength(total ?? -1);
    return items;
  };
  expect(new Set((await of(edits, { groups: ['move', 'add'] })).map(({ group }) => group))).toEqual(
    new Set(['move', 'add']),
  );
  expect((await of(questions, { verdict: 'right' })).every(({ correct }) => correct)).toBe(true);
  expect(await of(questions, { verdict: 'wrong' })).toHaveLength(15);
  expect(await of(questions, { state: 'failed' })).toEqual([]);
  expect((await of(questions, { query: 'QUESTION 17' })).map(({ prompt }) => prompt)).toEqual([
    'question 17',
  ]);
  expect(await of(questions, { query: 'question 1', verdict: 'wrong' })).toHaveLength(5);
  expect(await of(questions, { min: 1 })).toHaveLength(15);
  expect(await of(questions, { reason: 'x' })).toEqual([]);
  expect(await of(questions, { groups: [] })).toEqual([]);
});

test('a sample tells what was asked, wanted and made', async () => {
  const publicly = studio.as();
  const { items } = await publicly.runs.samples({ runId: edits, limit: 1 });
  const edit = await publicly.runs.sample({ id: items[0]!.id });
  expect(edit).toMatchObject({
    runId: edits,
    expected: { kind: 'edit', instruction: edit.prompt },
    pictures: [{ name: 'source' }, { name: 'target' }],
    request: { task: 'edit', prompt: edit.prompt, seed: 42, decoder: 'editing', pictures: 1 },
    siblings: [{ repeat: 1 }],
    cached: false,
  });
  expect(edit.scores.map(({ metric }) => metric)).toEqual(['clip_o', 'clip_t', 'dino_o', 'l1']);
  const [answer] = (await publicly.runs.samples({ runId: questions, limit: 1 })).items;
  expect(await publicly.runs.sample({ id: answer!.id })).toMatchObject({
    text: 'word1 word2 word3 ',
    expected: { kind: 'answer', question: 'open', answers: ['another'], guessed: false },
    correct: false,
    pictures: [],
  });
});

test('what is not there, and places of other lists, are refused in words', async () => {
  const publicly = studio.as();
  const id = randomUUID();
  await expect(publicly.runs.get({ id })).rejects.toEqual(code('NOT_FOUND', 'NO_RUN'));
  await expect(publicly.runs.sample({ id })).rejects.toEqual(code('NOT_FOUND', 'NO_SAMPLE'));
  await expect(publicly.runs.samples({ runId: id })).rejects.toEqual(code('NOT_FOUND', 'NO_RUN'));
  const { nextCursor } = await publicly.runs.samples({ runId: edits, limit: 1 });
  const foreign = (cursor: string, filter = {}) => publicly.runs.samples({ runId: edits, cursor, filter });
  for (const [cursor, filter] of [
    [nextCursor!, { order: 'highest' }],
    ['x', {}],
    ['🙂', {}],
    [Buffer.from('["samples:item:","1","2"]').toString('base64url'), {}],
    [Buffer.from('["samples:item:",1e300,0]').toString('base64url'), {}],
    [(await publicly.runs.list({ limit: 1 })).nextCursor!, {}],
  ] as const)
    await expect(foreign(cursor, filter)).rejects.toEqual(code('BAD_REQUEST', 'FOREIGN_CURSOR'));
});
