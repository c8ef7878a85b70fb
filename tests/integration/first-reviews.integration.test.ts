import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { exportQueue } from '../../server/reviews/export';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { reviewsOf, type Member } from '../support/reviews';
import { createStudio, type TestStudio } from '../support/studio';

/**
 * Queues as the first release of the reviews kept them: a rubric with one list for each kind of question, answers beside
 * them, votes by side. Their figures and exports are in tests/vectors/reviews as that release wrote them.
 */
const vectors = path.join(import.meta.dirname, '../vectors/reviews');
const expected = (name: string) => readFile(path.join(vectors, name), 'utf8');

const id = (n: number) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`;
const [rated, paired] = [id(11), id(12)];
const task = (n: number) => id(100 + n);
const pair = (n: number) => id(200 + n);

const anchors = ['none', 'little', 'some', 'much', 'all'];
const rubric = {
  verdict: { question: 'Is it right?' },
  scales: [
    { key: 'match', name: 'Match', anchors },
    { key: 'looks', name: 'Looks', anchors },
  ],
  tags: [
    { key: 'hands', label: 'Hands' },
    { key: 'blur', label: 'Blur' },
  ],
  comment: 'optional',
};
const said = (verdict: string, match: number, looks: number, tags: string[] = [], comment = '') => ({
  ...{ verdict, scales: { match, looks }, tags, comment, vote: null },
});
const voted = (vote: string) => ({ verdict: null, scales: {}, tags: [], comment: '', vote });

interface Given {
  n: number;
  task: string;
  by: 'Ann' | 'Ben' | 'Cleo';
  kind?: string;
  answers?: object;
  choice?: string;
  flipped?: boolean;
  reason?: string;
  replaces?: number;
  discussed?: boolean;
  /** What becomes of the reviewer's place, where this is their last word. */
  ends?: 'done' | 'skipped';
}
const ofRated: Given[] = [
  { n: 301, task: task(0), by: 'Ann', answers: said('pass', 4, 3, ['hands'], 'Six fingers, "almost"') },
  { n: 302, task: task(0), by: 'Ben', answers: said('pass', 4, 4, ['hands', 'blur']), ends: 'done' },
  {
    ...{
      n: 303,
      task: task(0),
      by: 'Ann',
      answers: said('pass', 5, 3),
      reason: 'Looked closer',
      replaces: 301,
    },
    ends: 'done',
  },
  { n: 304, task: task(1), by: 'Ann', answers: said('pass', 2, 2), ends: 'done' },
  { n: 305, task: task(1), by: 'Ben', answers: said('fail', 2, 2, ['blur']) },
  {
    ...{ n: 306, task: task(1), by: 'Ben', answers: said('pass', 3, 2), reason: 'Convinced', replaces: 305 },
    ...{ discussed: true, ends: 'done' },
  },
  { n: 307, task: task(2), by: 'Ann', answers: said('fail', 1, 1), ends: 'done' },
  { n: 308, task: task(2), by: 'Ben', answers: said('pass', 5, 5) },
  { n: 309, task: task(2), by: 'Ben', kind: 'withdrawal', replaces: 308 },
  { n: 310, task: task(2), by: 'Ben', answers: said('fail', 3, 1), replaces: 309, ends: 'done' },
  {
    ...{
      n: 311,
      task: task(2),
      by: 'Cleo',
      kind: 'adjudication',
      answers: said('fail', 2, 1, ['blur'], 'So'),
    },
    reason: 'No apples',
  },
  { n: 312, task: task(3), by: 'Ann', answers: said('fail', 1, 2), ends: 'done' },
  { n: 313, task: task(3), by: 'Ben', answers: said('pass', 1, 2), ends: 'done' },
  { n: 314, task: task(4), by: 'Cleo', kind: 'skip', reason: 'Not mine', ends: 'skipped' },
  { n: 315, task: task(4), by: 'Ann', answers: said('pass', 3, 3), ends: 'done' },
  { n: 316, task: task(5), by: 'Ann', answers: said('pass', 5, 4, ['blur']), ends: 'done' },
  { n: 317, task: task(5), by: 'Ben', answers: said('pass', 4, 4, ['blur']), ends: 'done' },
];
const ofPairs: Given[] = [
  { n: 401, task: pair(0), by: 'Ann', answers: voted('left'), choice: 'first', flipped: false, ends: 'done' },
  { n: 402, task: pair(0), by: 'Ben', answers: voted('right'), choice: 'first', flipped: true, ends: 'done' },
  { n: 403, task: pair(1), by: 'Ann', answers: voted('left'), choice: 'second', flipped: true, ends: 'done' },
  { n: 404, task: pair(1), by: 'Ben', answers: voted('left'), choice: 'first', flipped: false, ends: 'done' },
  {
    ...{ n: 405, task: pair(1), by: 'Cleo', kind: 'adjudication', answers: voted('right'), choice: 'second' },
    ...{ flipped: false, reason: 'Rounder' },
  },
  { n: 406, task: pair(2), by: 'Ann', answers: voted('tie'), choice: 'tie', flipped: true, ends: 'done' },
  {
    n: 407,
    task: pair(2),
    by: 'Ben',
    answers: voted('both_bad'),
    choice: 'both_bad',
    flipped: false,
    ends: 'done',
  },
  {
    n: 408,
    task: pair(3),
    by: 'Ann',
    answers: voted('right'),
    choice: 'second',
    flipped: false,
    ends: 'done',
  },
  { n: 409, task: pair(3), by: 'Ben', answers: voted('left'), choice: 'second', flipped: true, ends: 'done' },
];

let database: TestDatabase;
let studio: TestStudio;
let viewer: Member;
let people: Record<Given['by'], Member>;
const sql = (text: string, values: unknown[] = []) => database.db.pool.query(text, values);

async function insertReviews(queueId: string, given: readonly Given[]): Promise<void> {
  for (const one of given) {
    const kind = one.kind ?? 'review';
    await sql(
      `INSERT INTO review (id, task_id, queue_id, reviewer_id, kind, answers, choice, flipped, reason, replaces, spent_ms,
         discussed, created_at)
       VALUES ($1, $2, $3, $4, $5::review_kind, $6, $7::review_choice, $8, $9, $10, $11, $12,
         timestamptz '2026-10-01Z' + make_interval(mins => $13))`,
      [
        ...[
          id(one.n),
          one.task,
          queueId,
          people[one.by].me.id,
          kind,
          one.answers ? JSON.stringify(one.answers) : null,
        ],
        ...[one.choice ?? null, one.flipped ?? null, one.reason ?? null],
        ...[one.replaces === undefined ? null : id(one.replaces), 4200, one.discussed ?? false, one.n],
      ],
    );
    if (one.ends)
      await sql(
        `INSERT INTO review_assignment (task_id, user_id, queue_id, state, lease, lease_expires_at, flipped, review_id)
         VALUES ($1, $2, $3, $4::review_assignment_state, gen_random_uuid(), now(), $5, $6)`,
        [one.task, people[one.by].me.id, queueId, one.ends, one.flipped ?? false, id(one.n)],
      );
  }
}

beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  const team = reviewsOf(studio);
  const member = (name: string) => team.member('reviewer', name);
  // Of two reviewers the one with the lower id is the first for an interval.
  const [Ann, Ben, Cleo] = [await member('Ann'), await member('Ben'), await member('Cleo')].sort((a, b) =>
    a.me.id < b.me.id ? -1 : 1,
  );
  people = { Ann: Ann!, Ben: Ben!, Cleo: Cleo! };
  viewer = await team.member('viewer', 'Vi');
  for (const [name, { me }] of Object.entries(people))
    await sql('UPDATE account_user SET name = $2 WHERE id = $1', [me.id, name]);
  const ann = people.Ann.me.id;
  await sql(
    `INSERT INTO review_queue (id, kind, name, instructions, rubric, reviews_per_item, blind, source, created_by, request_id, items, room)
     VALUES ($1, 'rate', 'Apples', '', $3, 2, false, $4, $6, gen_random_uuid(), 6, 6),
       ($2, 'pair', 'Pairs', '', NULL, 2, true, $5, $6, gen_random_uuid(), 5, 5)`,
    [
      ...[rated, paired, JSON.stringify(rubric)],
      JSON.stringify({ from: 'run', runId: id(21), filter: {}, choice: { take: 'all' } }),
      JSON.stringify({ from: 'pair', firstRunId: id(21), secondRunId: id(22), choice: { take: 'all' } }),
      ann,
    ],
  );
  await sql(
    `INSERT INTO review_task (id, queue_id, position, needed, task, "group", prompt)
     SELECT ('00000000-0000-7000-9000-' || lpad((base + n)::text, 12, '0'))::uuid, queue::uuid, n, 2, 'generate', 'counting',
       n || ' apples'
     FROM (VALUES (100, $1, 6), (200, $2, 5)) q (base, queue, items), generate_series(0, items - 1) n`,
    [rated, paired],
  );
  await sql(
    `INSERT INTO review_output (task_id, position, text, model, metric, value)
     SELECT t.id, o, 'Output ' || o, 'model-' || o, 'correct', (t.position + o) % 2
     FROM review_task t JOIN review_queue q ON q.id = t.queue_id, generate_series(0, CASE q.kind WHEN 'pair' THEN 1 ELSE 0 END) o`,
  );
  await insertReviews(rated, ofRated);
  await insertReviews(paired, ofPairs);
  const states = { adjudicated: [task(2), pair(1)], adjudicate: [task(3)] };
  const done = [task(0), task(1), task(5), pair(0), pair(2), pair(3)];
  for (const [state, tasks] of Object.entries({ ...states, done }))
    await sql('UPDATE review_task SET state = $2::review_task_state WHERE id = ANY($1::uuid[])', [
      tasks,
      state,
    ]);
  // What Ann began and did not send: she sees the second output of the last pair on the left.
  await sql(
    `INSERT INTO review_assignment (task_id, user_id, queue_id, state, lease, lease_expires_at, flipped)
     VALUES ($1, $2, $3, 'leased', gen_random_uuid(), now() + interval '5 minutes', true)`,
    [pair(4), ann, paired],
  );
  await sql('INSERT INTO review_draft (task_id, user_id, answers) VALUES ($1, $2, $3)', [
    ...[pair(4), ann, JSON.stringify({ scales: {}, tags: [], comment: '', vote: 'left' })],
  ]);
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

test('the figures of a queue of the first release are what they were', async () => {
  const { api } = viewer;
  const found = {
    rated: {
      agreement: await api.reviews.agreement({ queueId: rated }),
      againstMetric: await api.reviews.againstMetric({ queueId: rated }),
      differences: (await api.reviews.differences({ queueId: rated })).items.map(({ item }) => item.position),
    },
    pairs: {
      agreement: await api.reviews.agreement({ queueId: paired }),
      ratings: await api.reviews.ratings({ queueId: paired }),
    },
  };
  expect(`${JSON.stringify(found, null, 2)}\n`).toBe(await expected('figures.json'));
});

test('its rubric is a list of questions, and its answers are choices in the order that is listed', async () => {
  const { api } = viewer;
  const { questions } = (await api.reviews.queue({ id: rated })).rubric;
  expect(questions.map(({ type }) => type)).toEqual(['verdict', 'scale', 'scale', 'tags', 'comment']);
  expect(questions[0]).toEqual({ type: 'verdict', question: 'Is it right?' });
  expect((await api.reviews.queue({ id: paired })).rubric.questions[0]).toEqual({ type: 'choice' });
  const { reviews } = await api.reviews.task({ taskId: task(0) });
  expect(reviews[0]!.answers).toEqual({
    ...{ verdict: 'pass', scales: { match: 4, looks: 3 }, tags: ['hands'], choice: null },
    comment: 'Six fingers, "almost"',
  });
  // Both preferred the first run's output, which Ben saw on the right.
  const same = await api.reviews.task({ taskId: pair(0) });
  expect(same.reviews.map(({ answers }) => answers?.choice)).toEqual(['first', 'first']);
  const ann = people.Ann.api.reviews;
  const [lease] = (await ann.next({ queueId: paired, count: 1 })).leases;
  expect(lease).toMatchObject({
    item: { taskId: pair(4), outputs: [{ text: 'Output 1' }, { text: 'Output 0' }] },
    draft: { choice: 'first' },
  });
});

test.each([
  ['rated', rated],
  ['pairs', paired],
])('its exports are byte for byte what they were: %s', async (name, queueId) => {
  for (const format of ['csv', 'jsonl'] as const) {
    let text = '';
    for await (const chunk of (await exportQueue(studio.services, viewer.me, queueId, format)).chunks)
      text += chunk;
    for (const [by, { me }] of Object.entries(people)) text = text.replaceAll(me.id, by);
    expect(text).toBe(await expected(`${name}.${format}`));
  }
});
