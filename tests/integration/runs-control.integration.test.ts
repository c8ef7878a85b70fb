import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { RunProgress } from '../../server/evaluation/runs/schema';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { evaluationOf, openQuestions } from '../support/evaluation';
import { publish } from '../support/runs';
import { createStudio, type TestStudio } from '../support/studio';

let database: TestDatabase;
let studio: TestStudio;
let runs: ReturnType<typeof evaluationOf>;
let revisionId: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  runs = evaluationOf(database.url, studio);
  await runs.ready;
  revisionId = (await runs.stub()).id;
  const worker = await studio.worker();
  await worker.modelSettled;
  // The first run stores the set, which draws three hundred pictures.
  const reviewer = await studio.asUser(await studio.user('reviewer'));
  const { id } = await reviewer.runs.start(questions({ limit: 1 }));
  await told(await reviewer.runs.follow({ id }));
}, 120_000);
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
const questions = (more: object = {}) => ({
  ...{ benchmark: 'synthetic-mmmu', model: { revisionId }, settings: {}, requestId: randomUUID() },
  ...more,
});

/** Everything that a stream tells until the run ends or pauses by itself. */
async function told(stream: AsyncIterable<RunProgress>): Promise<RunProgress[]> {
  const all: RunProgress[] = [];
  for await (const progress of stream) {
    all.push(progress);
    if (progress.state === 'paused') break;
  }
  return all;
}

test('a reviewer starts a run on a part of the items, once however often it is sent, and follows it to its end', async () => {
  const reviewer = await studio.asUser(await studio.user('reviewer', 'a reviewer'));
  const request = questions({ groups: ['Objects'], limit: 6, settings: { prompt: 'question' } });
  const [{ id }, again] = await Promise.all([reviewer.runs.start(request), reviewer.runs.start(request)]);
  expect(again).toEqual({ id });
  expect(await reviewer.runs.start(request)).toEqual({ id });
  const progress = await told(await reviewer.runs.follow({ id }));
  expect(progress.at(-1)).toMatchObject({ state: 'done', counts: { expected: 6, scored: 6, missing: 0 } });
  const detail = await reviewer.runs.get({ id });
  expect(detail).toMatchObject({
    ...{ preparing: false, startedBy: 'a reviewer', groups: ['Objects'], incomplete: true },
    settings: { prompt: 'question', images: 'all' },
    counts: { scored: 6 },
  });
  expect(detail.dataset).toMatch(/^[0-9a-f]{64}$/);
  await reviewer.runs.setVisibility({ id, visibility: 'published' });
  expect((await studio.as().runs.get({ id })).startedBy).toBeNull();
});

test('what can be started is told with its groups, and why something cannot', async () => {
  const { models, benchmarks, workers } = await (
    await studio.asUser(await studio.user('reviewer'))
  ).runs.options();
  expect(models).toMatchObject([{ revisionId, active: true, kind: 'directory' }]);
  expect(workers).toBe(1);
  const of = (name: string) => benchmarks.find((one) => one.name === name);
  expect(of('geneval')).toMatchObject({ items: 553, repeats: 4, unavailable: null });
  expect(of('geneval')!.groups.map(({ name }) => name)).toEqual([
    ...['single_object', 'two_object', 'counting', 'colors', 'position', 'color_attr'],
  ]);
  expect(of('synthetic-edits')).toMatchObject({ items: 1000, groups: Array(5).fill({ n: 200 }) });
  expect(of('synthetic-mmmu')).toMatchObject({ items: 300, settings: ['maxNewTokens', 'images', 'prompt'] });
  expect(of('imagepulse')!.unavailable).toContain('studio data pull imagepulse');
});

test('refuses what cannot be measured, in words, before anything is made', async () => {
  const reviewer = await studio.asUser(await studio.user('reviewer'));
  const before = await database.db.prisma.evaluationRun.count();
  const start = (more: object) => reviewer.runs.start(questions(more));
  await expect(start({ benchmark: 'nothing' })).rejects.toEqual(code('BAD_REQUEST', 'NO_BENCHMARK'));
  await expect(start({ benchmark: 'imagepulse' })).rejects.toEqual(code('BAD_REQUEST', 'DATA_MISSING'));
  await expect(start({ groups: ['melt'] })).rejects.toEqual(code('BAD_REQUEST', 'NO_GROUP'));
  await expect(start({ groups: [] })).rejects.toEqual(code('BAD_REQUEST', 'NO_GROUP_CHOSEN'));
  await expect(start({ settings: { steps: 3 } })).rejects.toEqual(code('BAD_REQUEST'));
  await expect(start({ repeats: 2 })).rejects.toEqual(code('BAD_REQUEST'));
  await expect(start({ model: { revisionId: randomUUID() } })).rejects.toEqual(code('NOT_FOUND', 'NO_MODEL'));
  expect(await database.db.prisma.evaluationRun.count()).toBe(before);
});

test('only an administrator names an address that the server is to call', async () => {
  const endpoint = { baseUrl: 'http://127.0.0.1:9/v1', model: 'far', maxRequests: 1 };
  const reviewer = await studio.asUser(await studio.user('reviewer'));
  await expect(reviewer.runs.start(questions({ model: { endpoint } }))).rejects.toEqual(
    code('FORBIDDEN', 'ENDPOINT_NEEDS_ADMIN'),
  );
  const admin = await studio.asUser(await studio.user('admin'));
  for (const wrong of [
    { ...endpoint, baseUrl: 'file:///etc/passwd' },
    { ...endpoint, baseUrl: 'http://user:secret@host/v1' },
    { ...endpoint, apiKeyEnv: 'DATABASE_URL' },
  ])
    await expect(admin.runs.start(questions({ model: { endpoint: wrong } }))).rejects.toEqual(
      code('BAD_REQUEST', 'BAD_ENDPOINT'),
    );
  const { id } = await admin.runs.start(questions({ model: { endpoint }, limit: 2 }));
  await told(await admin.runs.follow({ id }));
  await publish(database.db, id);
  // Whoever reads it from outside learns that there is an endpoint, not where.
  const publicly = studio.as();
  const all = JSON.stringify([
    await publicly.runs.get({ id }),
    await publicly.runs.list({}),
    await publicly.runs.samples({ runId: id }),
    await told(await publicly.runs.follow({ id })),
  ]);
  expect(all).not.toMatch(/127\.0\.0\.1|baseUrl|"host"/);
  const known = (await reviewer.runs.options()).models.find(({ kind }) => kind === 'endpoint')!;
  expect(known).toMatchObject({ name: 'far', unavailable: null });
  const next = await reviewer.runs.start(
    questions({ model: { revisionId: known.revisionId, limits: { maxRequests: 2 } }, limit: 2 }),
  );
  await told(await reviewer.runs.follow(next));
  expect((await admin.runs.get(next)).provenance).toMatchObject({ endpoint: { maxRequests: 2 } });
});

test('pauses, resumes and cancels; a second time is refused in words', async () => {
  const reviewer = await studio.asUser(await studio.user('reviewer'));
  const slow = (i: number) => `delay=40 steps=2 n=${i}`;
  const revision = await runs.stub();
  const id = await runs.start('synthetic-mmmu', openQuestions(30, slow), { revision, cache: false });
  const progress: RunProgress[] = [];
  for await (const one of await reviewer.runs.follow({ id })) {
    progress.push(one);
    if (
      one.state === 'running' &&
      one.counts.generated > 0 &&
      progress.every(({ state }) => state !== 'paused')
    )
      await reviewer.runs.pause({ id });
    if (one.state === 'paused') {
      await expect(reviewer.runs.pause({ id })).rejects.toEqual(code('CONFLICT', 'RUN_PAUSED'));
      await reviewer.runs.resume({ id });
    }
    if (one.state === 'running' && progress.some(({ state }) => state === 'paused'))
      await reviewer.runs.cancel({ id }).catch(() => undefined);
  }
  expect(progress.map(({ state }) => state)).toContain('paused');
  expect(progress.at(-1)).toMatchObject({ state: 'cancelled' });
  await expect(reviewer.runs.cancel({ id })).rejects.toEqual(code('CONFLICT', 'RUN_CANCELLED'));
  await expect(reviewer.runs.resume({ id: randomUUID() })).rejects.toEqual(code('NOT_FOUND', 'NO_RUN'));
});

test('a run that is removed takes its samples along, and whoever has it open is told', async () => {
  const admin = await studio.asUser(await studio.user('admin'));
  const slow = (i: number) => `delay=40 steps=2 n=${i}`;
  const revision = await runs.stub();
  const id = await runs.start('synthetic-mmmu', openQuestions(20, slow), { revision, cache: false });
  const open = (async () => {
    for await (const one of await admin.runs.follow({ id }))
      if (one.counts.generated > 0) await admin.runs.remove({ id }).catch(() => undefined);
  })();
  await expect(open).rejects.toEqual(code('NOT_FOUND', 'NO_RUN'));
  const publicly = studio.as();
  await expect(publicly.runs.get({ id })).rejects.toEqual(code('NOT_FOUND', 'NO_RUN'));
  await expect(publicly.runs.samples({ runId: id })).rejects.toEqual(code('NOT_FOUND', 'NO_RUN'));
  expect(await database.db.prisma.sample.count({ where: { runId: id } })).toBe(0);
  await expect(admin.runs.remove({ id })).rejects.toEqual(code('NOT_FOUND', 'NO_RUN'));
});

test('a person who leaves leaves the runs that they started', async () => {
  const reviewer = await studio.asUser(await studio.user('reviewer'));
  const { id } = await reviewer.runs.start(questions({ limit: 1 }));
  await told(await reviewer.runs.follow({ id }));
  await database.db.pool.query(
    'DELETE FROM account_user WHERE id = (SELECT started_by FROM evaluation_run WHERE id = $1)',
    [id],
  );
  expect(await reviewer.runs.get({ id })).toMatchObject({ state: 'done', startedBy: null });
});
