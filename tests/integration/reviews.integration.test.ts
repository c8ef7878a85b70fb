import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { fail, pass, reviewsOf, type Member } from '../support/reviews';
import { createStudio, type TestStudio } from '../support/studio';

/** Work on a queue: who gets which item, what counts, what is hidden, what is taken back. */
let database: TestDatabase;
let studio: TestStudio;
let team: ReturnType<typeof reviewsOf>;
let [ann, ben, cleo, viewer, admin]: Member[] = [];
let run: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  team = reviewsOf(studio);
  ann = await team.member('reviewer', 'Ann');
  ben = await team.member('reviewer', 'Ben');
  cleo = await team.member('reviewer', 'Cleo');
  viewer = await team.member('viewer', 'Vi');
  admin = await team.member('admin', 'Ada');
  run = await team.run(await team.benchmark(12));
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const next = ({ api }: Member, queueId: string, count = 1, holding: string[] = []) =>
  api.reviews.next({ queueId, count, holding });
const refusal = (reason: string) => ({ cause: { reason } });

test('a queue of a run: rows, leases, a review, the progress of everybody', async () => {
  const queueId = await team.queue(ann!, run, { name: 'All of it' });
  const [row] = await ben!.api.reviews.queues();
  expect(row).toMatchObject({
    ...{ id: queueId, name: 'All of it', kind: 'rate', state: 'open', items: 12, reviewsPerItem: 1 },
    ...{ reviews: 0, done: 0, adjudicate: 0, openToMe: 12, mine: false, createdBy: { name: 'Ann' } },
  });
  const first = await next(ben!, queueId, 3);
  expect(first).toMatchObject({ left: 9, reviewed: 0, nothing: null });
  expect(first.leases.map(({ item }) => item.position)).toEqual([0, 1, 2]);
  expect(first.leases[0]).toMatchObject({
    draft: null,
    item: {
      ...{
        task: 'generate',
        group: 'colors',
        prompt: 'a photo of 0 apples',
        pictures: [],
        options: [],
        answers: [],
      },
      outputs: [{ picture: { width: 8, height: 8 }, text: null, model: 'nexus-gen-nano' }],
    },
  });
  // Somebody else starts elsewhere.
  const other = await next(cleo!, queueId, 2);
  expect(other.leases.map(({ item }) => item.position)).toEqual([3, 4]);

  await team.submit(ben!, first.leases[0]!);
  const held = first.leases.slice(1).map(({ item }) => item.taskId);
  const second = await next(ben!, queueId, 3, held);
  expect(second.leases.map(({ item }) => item.position)).toEqual([1, 2, 5]);
  expect(second).toMatchObject({ left: 6, reviewed: 1 });

  const detail = await ann!.api.reviews.queue({ id: queueId });
  expect(detail).toMatchObject({
    ...{ reviews: 1, done: 1, openToMe: 6, mine: true, benchmark: 'geneval' },
    source: { from: 'run', runs: [{ id: run, title: 'nexus-gen-nano 1.0 · GenEval', removed: false }] },
    reviewers: [{ name: 'Ben', reviews: 1 }],
  });
});

test('the answers of others are hidden until an item has all of its reviews, then disagreement is decided', async () => {
  const queueId = await team.queue(ann!, run, { reviewsPerItem: 2 });
  const bens = (await next(ben!, queueId)).leases[0]!;
  await team.submit(ben!, bens, pass);
  const { taskId } = bens.item;
  for (const one of [ann!, cleo!, viewer!, admin!])
    expect(await one.api.reviews.task({ taskId })).toMatchObject({
      state: 'open',
      given: 1,
      reviews: [],
      metric: null,
    });
  expect((await ben!.api.reviews.task({ taskId })).reviews).toMatchObject([{ answers: { verdict: 'pass' } }]);

  // Begun items come first, so that they get finished.
  const cleos = (await next(cleo!, queueId)).leases[0]!;
  expect(cleos.item.taskId).toBe(taskId);
  await team.submit(cleo!, cleos, fail);
  const row = await viewer!.api.reviews.task({ taskId });
  expect(row).toMatchObject({
    state: 'adjudicate',
    given: 2,
    metric: { name: 'correct', value: 0 },
    runId: run,
  });
  expect(row.reviews.map(({ answers }) => answers?.verdict)).toEqual(['pass', 'fail']);

  const decision = { taskId, answers: fail, reason: 'Two of them are pears.', requestId: randomUUID() };
  await expect(ben!.api.reviews.adjudicate(decision)).rejects.toMatchObject(refusal('OWN_REVIEW'));
  const { reviewId } = await ann!.api.reviews.adjudicate(decision);
  expect(await ann!.api.reviews.adjudicate(decision)).toEqual({ reviewId });
  await expect(admin!.api.reviews.adjudicate({ ...decision, requestId: randomUUID() })).rejects.toMatchObject(
    refusal('NOTHING_TO_ADJUDICATE'),
  );
  expect(await viewer!.api.reviews.task({ taskId })).toMatchObject({ state: 'adjudicated' });
  await expect(ben!.api.reviews.undo({ queueId })).rejects.toMatchObject(refusal('ITEM_DECIDED'));
});

test('the last review or skip is taken back, with what was said as the draft', async () => {
  const queueId = await team.queue(ann!, run);
  await expect(ben!.api.reviews.undo({ queueId })).rejects.toMatchObject(refusal('NOTHING_TO_UNDO'));
  const [one, two] = (await next(ben!, queueId, 2)).leases;
  await team.submit(ben!, one!, fail);
  await ben!.api.reviews.skip({ taskId: two!.item.taskId, lease: two!.lease, reason: 'Too dark.' });
  expect(await ann!.api.reviews.task({ taskId: two!.item.taskId })).toMatchObject({
    state: 'skipped',
    reviews: [{ kind: 'skip', reason: 'Too dark.' }],
  });
  const back = await ben!.api.reviews.undo({ queueId });
  expect(back).toMatchObject({ draft: null, item: { taskId: two!.item.taskId } });
  const again = await ben!.api.reviews.undo({ queueId });
  expect(again).toMatchObject({ draft: { verdict: 'fail' }, item: { taskId: one!.item.taskId } });
  expect(again.lease).not.toBe(one!.lease);
  await team.submit(ben!, again, pass);
  const { reviews } = await ben!.api.reviews.task({ taskId: one!.item.taskId });
  expect(reviews.map(({ kind }) => kind)).toEqual(['review', 'withdrawal', 'review']);
  expect(reviews.map(({ replaces }) => replaces)).toEqual([null, reviews[0]!.id, reviews[1]!.id]);
  expect((await ann!.api.reviews.queue({ id: queueId })).reviewers).toMatchObject([
    { name: 'Ben', reviews: 1 },
  ]);
});

test('an undo that is sent again, its answer lost on the way, takes back one review', async () => {
  const queueId = await team.queue(ann!, run);
  const [one, two] = (await next(ben!, queueId, 2)).leases;
  const reviewId = randomUUID();
  await team.submit(ben!, one!, fail, reviewId);
  await team.submit(ben!, two!, pass);
  const requestId = randomUUID();
  const back = await ben!.api.reviews.undo({ queueId, requestId });
  expect(back.item.taskId).toBe(two!.item.taskId);
  expect(await ben!.api.reviews.undo({ queueId, requestId })).toMatchObject({
    ...{ lease: back.lease, draft: { verdict: 'pass' }, item: { taskId: two!.item.taskId } },
  });
  expect(await ben!.api.reviews.task({ taskId: one!.item.taskId })).toMatchObject({ state: 'done' });
  await expect(ben!.api.reviews.undo({ queueId, requestId: reviewId })).rejects.toMatchObject(
    refusal('REQUEST_REUSED'),
  );
  // Once the item is reviewed again there is nothing that this request could give.
  await team.submit(ben!, back, fail);
  await expect(ben!.api.reviews.undo({ queueId, requestId })).rejects.toMatchObject(
    refusal('NOTHING_TO_UNDO'),
  );
});
