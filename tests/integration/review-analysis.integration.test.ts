import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { choiceIn, type Choice } from '../../server/reviews/questions/choice';
import type { Answers, Rubric } from '../../server/reviews/schema';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { answers, fail, pass, reviewsOf, type Member } from '../support/reviews';
import { createStudio, type TestStudio } from '../support/studio';

/** What reviews say, against figures computed by hand. Of the runs every third sample, from the first, is wrong. */
let database: TestDatabase;
let studio: TestStudio;
let team: ReturnType<typeof reviewsOf>;
let [ann, ben, cleo, viewer]: Member[] = [];
let run: string;
let version: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  team = reviewsOf(studio);
  ann = await team.member('reviewer', 'Ann');
  ben = await team.member('reviewer', 'Ben');
  cleo = await team.member('reviewer', 'Cleo');
  viewer = await team.member('viewer', 'Vi');
  version = await team.benchmark(6);
  run = await team.run(version);
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const anchors = ['none', 'little', 'some', 'much', 'all'];
const rubric: Rubric = {
  questions: [
    { type: 'verdict', question: 'Is it right?' },
    { type: 'scale', key: 'match', name: 'Match', anchors },
    {
      type: 'tags',
      tags: [
        { key: 'hands', label: 'Hands' },
        { key: 'blur', label: 'Blur' },
      ],
    },
  ],
};

/** Reviews what comes, by position. @returns the items by position */
async function reviewAll(member: Member, queueId: string, given: readonly Answers[]): Promise<string[]> {
  const tasks: string[] = [];
  for (;;) {
    const { leases } = await member.api.reviews.next({ queueId, count: 1, holding: [] });
    const [lease] = leases;
    if (!lease) return tasks;
    tasks[lease.item.position] = lease.item.taskId;
    await team.submit(member, lease, given[lease.item.position]!);
  }
}

const close = (value: number) => expect.closeTo(value, 6);

test('agreement and people against the metric: withdrawn, replaced and skipped reviews do not count', async () => {
  const queueId = await team.queue(ann!, run, { rubric, reviewsPerItem: 2 });
  const ask = () => viewer!.api.reviews.agreement({ queueId });
  const said = (verdict: string, match: number, ...tags: string[]) =>
    answers({ verdict: verdict === 'P' ? 'pass' : 'fail', scales: { match }, tags });
  const anns = [
    ...[said('F', 5, 'blur'), said('P', 2), said('P', 3)],
    ...[said('F', 4), said('F', 5), said('P', 3)],
  ];
  const bens = [
    ...[said('P', 1, 'hands'), said('P', 3), said('F', 3, 'hands')],
    ...[said('F', 4), said('P', 4), said('P', 3)],
  ];
  // Cleo skips the first item that she gets.
  const [skipped] = (await cleo!.api.reviews.next({ queueId, count: 1, holding: [] })).leases;
  await cleo!.api.reviews.skip({ taskId: skipped!.item.taskId, lease: skipped!.lease, reason: 'Not mine' });
  const tasks = await reviewAll(ann!, queueId, anns);
  // Nothing has both of its reviews.
  expect((await ask())[0]).toMatchObject({ items: 0, reviews: 0, percent: null, note: 'no_overlap' });
  expect(await viewer!.api.reviews.againstMetric({ queueId })).toMatchObject({ metric: 'correct', items: 0 });

  await reviewAll(ben!, queueId, bens);
  // Ann thinks again, and Ben takes his last review back.
  await ann!.api.reviews.change({
    ...{ taskId: tasks[0]!, answers: said('P', 1, 'hands'), reason: 'Looked closer' },
  });
  const again = await ben!.api.reviews.undo({ queueId });
  expect((await ask())[0]).toMatchObject({ items: 5, reviews: 10 });
  await team.submit(ben!, again, bens[again.item.position]!);

  // Ann P P P F F P, Ben P P F F P P: 4 of 6 the same; 8 P and 4 F; chance 20 / 36 for both kappas.
  const [verdict, match, hands, blur] = await ask();
  const interval = [expect.any(Number), expect.any(Number)];
  expect(verdict).toEqual({
    ...{ question: 'verdict', label: 'Is it right?', level: 'nominal', items: 6, reviews: 12 },
    percent: close(4 / 6),
    cohen: { value: close(0.25), interval },
    fleiss: { value: close(0.25), interval },
    // 1 − 11 · 4 / (144 − 64 − 16).
    krippendorff: { value: close(0.3125), interval },
    note: null,
  });
  // 1 2 3 4 5 3 and 1 3 3 4 4 3: mean ranks 1, 2.5, 5.5, 9.5, 11.5; 1 − 11 · 2 (3² + 2²) / (24 · 130.5).
  expect(match).toMatchObject({
    ...{ question: 'scale_match', label: 'Match', level: 'ordinal', items: 6, percent: close(4 / 6) },
    krippendorff: { value: close(1 - 286 / 3132) },
  });
  // There 3 times of 12, apart once: 1 − 11 · 2 / (144 − 9 − 81).
  expect(hands).toMatchObject({
    ...{ question: 'tag_hands', label: 'Hands', level: 'nominal', percent: close(5 / 6) },
    krippendorff: { value: close(1 - 22 / 54) },
  });
  expect(blur).toEqual({
    ...{ question: 'tag_blur', label: 'Blur', level: 'nominal', items: 6, reviews: 12, percent: 1 },
    ...{ cohen: null, fleiss: null, krippendorff: null, note: 'constant' },
  });
  // Asked again nothing moves.
  expect(await ask()).toEqual([verdict, match, hands, blur]);

  // Verdicts of the items 2 and 4 are split. The decision on 2 counts against the metric, and in no agreement.
  await cleo!.api.reviews.adjudicate({
    ...{ taskId: tasks[2]!, answers: said('F', 2), reason: 'No apples', requestId: crypto.randomUUID() },
  });
  expect(await ask()).toEqual([verdict, match, hands, blur]);
  // People P P F F – P, the metric F P P F P P.
  expect(await viewer!.api.reviews.againstMetric({ queueId })).toEqual({
    ...{ metric: 'correct', items: 5, agreement: close(3 / 5), correlation: null },
    confusion: { bothPass: 2, humanOnly: 1, metricOnly: 1, bothFail: 1 },
    // (0.6 − 0.52) / 0.48.
    kappa: { value: close(1 / 6), interval },
  });

  const positions = async (given: Parameters<Member['api']['reviews']['differences']>[0]) =>
    (await viewer!.api.reviews.differences(given)).items.map(({ item }) => item.position);
  expect(await positions({ queueId })).toEqual([0, 2]);
  expect(await positions({ queueId, cell: 'bothPass' })).toEqual([1, 5]);
  expect(await positions({ queueId, cell: 'humanOnly' })).toEqual([0]);
  expect(await positions({ queueId, cell: 'metricOnly' })).toEqual([2]);
  expect(await positions({ queueId, cell: 'bothFail' })).toEqual([3]);
  const page = await viewer!.api.reviews.differences({ queueId, limit: 1 });
  expect(page).toMatchObject({
    items: [{ item: { position: 0 }, metric: { name: 'correct', value: 0 } }],
    nextCursor: '0',
  });
  expect(await positions({ queueId, limit: 1, cursor: page.nextCursor })).toEqual([2]);
  expect(await positions({ queueId, cursor: "'; --" })).toEqual([0, 2]);
});

test('agreement of one review an item is none, and of complete agreement has no interval', async () => {
  const one = await team.queue(ann!, run);
  await reviewAll(ann!, one, Array<Answers>(6).fill(pass));
  expect(await viewer!.api.reviews.agreement({ queueId: one })).toMatchObject([
    { question: 'verdict', items: 0, percent: null, krippendorff: null, note: 'no_overlap' },
  ]);
  const three = await team.queue(ann!, run, { reviewsPerItem: 3 });
  const given = [pass, fail, pass, pass, fail, fail];
  for (const member of [ann!, ben!, cleo!]) await reviewAll(member, three, given);
  expect(await viewer!.api.reviews.agreement({ queueId: three })).toEqual([
    {
      ...{ question: 'verdict', label: 'Does it show what was asked for?', level: 'nominal' },
      ...{ items: 6, reviews: 18, percent: 1, cohen: null },
      ...{ fleiss: { value: 1, interval: null }, krippendorff: { value: 1, interval: null } },
      note: 'perfect',
    },
  ]);
  expect(await viewer!.api.reviews.ratings({ queueId: three })).toBeNull();
});

test("scales are compared with a metric by rank, a decision in the reviewers' place", async () => {
  const queueId = await team.queue(ann!, run, {
    rubric: { questions: rubric.questions.filter(({ type }) => type === 'scale') },
    reviewsPerItem: 2,
  });
  const steps = (values: readonly number[]) => values.map((match) => answers({ scales: { match } }));
  const tasks = await reviewAll(ann!, queueId, steps([1, 5, 4, 2, 1, 5]));
  await reviewAll(ben!, queueId, steps([1, 5, 4, 2, 5, 5]));
  // Without item 4, about which there is a dispute: 1 5 4 2 5 against 0 1 1 0 1; ranks −2 1.5 0 −1 1.5, −1.5 1 1 −1.5 1.
  expect(await viewer!.api.reviews.againstMetric({ queueId })).toMatchObject({
    ...{ items: 5, confusion: null, kappa: null, correlation: close(7.5 / Math.sqrt(9.5 * 7.5)) },
  });
  await cleo!.api.reviews.adjudicate({
    ...{ taskId: tasks[4]!, answers: steps([3])[0]!, reason: 'In between', requestId: crypto.randomUUID() },
  });
  expect(await viewer!.api.reviews.againstMetric({ queueId })).toMatchObject({
    ...{ items: 6, correlation: close(12 / Math.sqrt(17 * 12)) },
  });
});

test('ratings of two models from blind votes, whichever side they were on', async () => {
  const versionOfPairs = await team.benchmark(10);
  const runs = [await team.run(versionOfPairs, 'nano'), await team.run(versionOfPairs, 'other')];
  const source = { from: 'pair', firstRunId: runs[0]!, secondRunId: runs[1]! } as const;
  const queueId = await team.queue(ann!, run, { rubric: null, source });
  const ask = (of = queueId) => viewer!.api.reviews.ratings({ queueId: of });
  expect(await ask()).toEqual({ votes: 0, bothBad: 0, ties: 0, models: [], separated: null });

  const vote = async (of: string, choices: readonly Choice[], member = ben!) => {
    for (const choice of choices) {
      const [lease] = (await member.api.reviews.next({ queueId: of, count: 1, holding: [] })).leases;
      const { rows } = await studio.services.db.pool.query<{ flipped: boolean }>(
        'SELECT flipped FROM review_assignment WHERE task_id = $1 AND user_id = $2',
        [lease!.item.taskId, member.me.id],
      );
      await team.submit(member, lease!, answers({ choice: choiceIn(choice, rows[0]!.flipped) }));
    }
  };
  await vote(queueId, ['first', 'first', 'first', 'first', 'both_bad']);
  // Four wins to none: no finite rating says how much better.
  expect(await ask()).toMatchObject({
    ...{ votes: 5, bothBad: 1, ties: 0, separated: ['nano', 'other'] },
    models: [
      { model: 'nano', rating: null, interval: null, wins: 4, losses: 0, ties: 0, bothBad: 1 },
      { model: 'other', rating: null, interval: null, wins: 0, losses: 4, ties: 0, bothBad: 1 },
    ],
  });
  await vote(queueId, ['first', 'first', 'second', 'second', 'tie']);
  // 6.5 points to 2.5.
  const half = 200 * Math.log10(6.5 / 2.5);
  const ratings = await ask();
  expect(ratings).toMatchObject({
    ...{ votes: 10, bothBad: 1, ties: 1, separated: null },
    models: [
      { model: 'nano', rating: close(1000 + half), wins: 6, losses: 2, ties: 1, bothBad: 1 },
      { model: 'other', rating: close(1000 - half), wins: 2, losses: 6, ties: 1, bothBad: 1 },
    ],
  });
  expect(await ask()).toEqual(ratings);
  expect(await viewer!.api.reviews.agreement({ queueId })).toMatchObject([{ question: 'vote', items: 0 }]);
  expect(await viewer!.api.reviews.againstMetric({ queueId })).toBeNull();

  // With two votes a pair nothing is told of those that wait for the second.
  const twice = await team.queue(ann!, run, { rubric: null, source, reviewsPerItem: 2 });
  await vote(twice, ['first', 'second', 'first']);
  expect(await ask(twice)).toMatchObject({ votes: 0 });
  await vote(twice, ['first', 'tie', 'second'], cleo!);
  expect(await ask(twice)).toMatchObject({ votes: 6, ties: 1 });
  // Item by item first first, second tie, first second: of 2 first, 1 second, 1 tie.
  const [agreed] = await viewer!.api.reviews.agreement({ queueId: twice });
  expect(agreed).toMatchObject({ question: 'vote', level: 'nominal', items: 3, percent: close(1 / 3) });
  // n = 6, first 3, second 2, tie 1: 1 − 5 · 4 / (36 − 14).
  expect(agreed!.krippendorff!.value).toBeCloseTo(1 - 20 / 22, 6);
});

test('a dispute between the only two reviewers ends by discussion, or by an admin who is one of them', async () => {
  const admin = await team.member('admin', 'Ada');
  const queueId = await team.queue(ann!, run, { reviewsPerItem: 2 });
  const same = [pass, pass, fail, fail, pass, fail];
  const tasks = await reviewAll(ben!, queueId, same);
  await reviewAll(admin, queueId, [fail, fail, ...same.slice(2)]);
  const ask = async () => (await viewer!.api.reviews.agreement({ queueId }))[0]!;
  const stateOf = async (taskId: string) => (await viewer!.api.reviews.task({ taskId })).state;
  const before = await ask();
  expect(before).toMatchObject({ items: 6, percent: close(4 / 6) });

  // Both see both answers, and one is convinced. The record has what was said before, and what convinced.
  const change = { taskId: tasks[0]!, answers: fail, reason: 'There are seven.', discussion: true };
  const { reviewId } = await ben!.api.reviews.change(change);
  expect(await ben!.api.reviews.change(change)).toEqual({ reviewId });
  const row = await viewer!.api.reviews.task({ taskId: tasks[0]! });
  expect(row.state).toBe('done');
  expect(row.reviews.map(({ answers: said, discussed }) => [said?.verdict, discussed])).toEqual([
    ['pass', undefined],
    ['fail', undefined],
    ['fail', true],
  ]);
  // What they agree on after reading each other's answers is no agreement of two; for the item it counts.
  expect(await ask()).toEqual(before);
  expect(await viewer!.api.reviews.againstMetric({ queueId })).toMatchObject({ items: 5 });
  // There is nothing to discuss any more, and an ordinary change is one.
  await expect(ben!.api.reviews.change({ ...change, answers: pass })).rejects.toMatchObject({
    cause: { reason: 'NOTHING_TO_DISCUSS' },
  });

  // Ben may not decide about his own, whoever leads the team may.
  const decision = { taskId: tasks[1]!, answers: fail, reason: 'Two are pears.' };
  await expect(
    ben!.api.reviews.adjudicate({ ...decision, requestId: crypto.randomUUID() }),
  ).rejects.toMatchObject({ cause: { reason: 'OWN_REVIEW' } });
  expect(await stateOf(tasks[1]!)).toBe('adjudicate');
  await admin.api.reviews.adjudicate({ ...decision, requestId: crypto.randomUUID() });
  expect(await stateOf(tasks[1]!)).toBe('adjudicated');
  expect(await viewer!.api.reviews.queue({ id: queueId })).toMatchObject({ adjudicate: 0, done: 6 });
  expect(await ask()).toEqual(before);
});

test('of a queue of failures no coefficient is told, but percentages; where nearly all is one answer they say so', async () => {
  const wrong = await team.queue(ann!, run, {
    ...{ rubric, reviewsPerItem: 2, source: { from: 'run', runId: run, filter: { verdict: 'wrong' } } },
  });
  const said = (verdict: 'pass' | 'fail', ...tags: string[]) =>
    answers({ verdict, scales: { match: 3 }, tags });
  // Positions 0 and 3 of the run are wrong: 0 and 1 here.
  await reviewAll(ann!, wrong, [said('fail', 'blur'), said('fail')]);
  await reviewAll(ben!, wrong, [said('fail'), said('pass')]);
  const none = { cohen: null, fleiss: null, krippendorff: null, note: 'selected' };
  const found = await viewer!.api.reviews.agreement({ queueId: wrong });
  for (const question of found) expect(question).toMatchObject(none);
  expect(found[0]).toMatchObject({
    ...{ question: 'verdict', items: 2, percent: 0.5 },
    // Fail: both of the first, one of the second: 2 of 3.
    specific: [
      { value: 'fail', share: close(2 / 3) },
      { value: 'pass', share: 0 },
    ],
  });
  expect(await viewer!.api.reviews.againstMetric({ queueId: wrong })).toMatchObject({
    ...{ items: 1, agreement: 1, kappa: null, kappaless: 'selected' },
  });

  const large = await team.run(await team.benchmark(30), 'of-thirty');
  const queueId = await team.queue(ann!, large, { reviewsPerItem: 2 });
  const nearly = (n: number) => Array.from({ length: 30 }, (_, i) => (i === n ? fail : pass));
  await reviewAll(ann!, queueId, nearly(3));
  await reviewAll(ben!, queueId, nearly(4));
  expect(await viewer!.api.reviews.agreement({ queueId })).toMatchObject([
    {
      ...{ percent: close(28 / 30), prevalent: { value: 'pass', share: close(58 / 60) } },
      specific: [
        { value: 'fail', share: 0 },
        { value: 'pass', share: close(56 / 58) },
      ],
      cohen: { value: close(1 - 2 / 30 / (1 - (29 ** 2 + 1) / 900)) },
    },
  ]);
  expect(await viewer!.api.reviews.againstMetric({ queueId })).toMatchObject({
    ...{ kappa: null, kappaless: 'prevalent' },
  });
});

test('a queue that is not there, and the public', async () => {
  const queueId = crypto.randomUUID();
  const nobody = studio.as(crypto.randomUUID());
  for (const call of ['agreement', 'ratings', 'againstMetric', 'differences'] as const) {
    await expect(viewer!.api.reviews[call]({ queueId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(nobody.reviews[call]({ queueId })).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  }
});
