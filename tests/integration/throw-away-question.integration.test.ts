import { randomUUID } from 'node:crypto';
import { NextIntlClientProvider } from 'next-intl';
import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { FormProvider, useForm } from 'react-hook-form';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { z } from 'zod';
import type * as Views from '../../app/reviews/_questions/list';
import type { QuestionEditor, QuestionView } from '../../app/reviews/_questions/question-view';
import type { QueueForm } from '../../app/reviews/new/form';
import en from '../../app/_i18n/en';
import type * as Types from '../../server/reviews/questions/list';
import type { QuestionType } from '../../server/reviews/questions/question-type';
import type { Question } from '../../server/reviews/questions/rubric';
import type { Answers, Rubric } from '../../server/reviews/schema';
import { createTestDatabase, type TestDatabase } from '../support/database';
import type { reviewsOf, Member } from '../support/reviews';
import type { TestStudio } from '../support/studio';

/**
 * A type of question is an entry of the server's list and one of the pages': the product knows of this one, a number of
 * things that are counted, by those alone.
 */
const schema = z.object({
  type: z.literal('tally'),
  key: z.string(),
  things: z.string(),
  most: z.int().max(9),
});
type Tally = z.infer<typeof schema>;

const tally = {
  ...{ type: 'tally', kinds: ['rate'], most: 3, schema },
  ...{ field: 'tallies', keyed: true, answers: z.record(z.string(), z.int().min(0)).default({}), none: {} },
  isRequired: () => true,
  isGiven: () => true,
  fit: (answer, { most }) => Math.min(answer, most),
  disagree: (answers) => new Set(answers).size > 1,
  measures: ({ key, things }) => [
    { name: `tally_${key}`, label: things, level: 'interval', value: (answer) => answer },
  ],
  columns: (asked) => asked.map(({ key }) => ({ name: `tally_${key}`, key, cell: (answer) => answer })),
  missing: ({ things }) => ({ name: things, message: `Count the ${things}.` }),
  unknown: 'Nothing is counted here.',
} satisfies QuestionType<Tally, number, 'tallies'>;

const tallyView: QuestionView<Tally, number> = {
  name: ({ things }) => `How many ${things}?`,
  Control: ({ id, answer }) =>
    createElement('input', { id, type: 'number', value: answer ?? '', readOnly: true }),
  choices: ({ most }) => most,
  choose: (_, n) => n,
  isSingle: true,
  said: ({ things }, n) => `${n} ${things}`,
  place: 'row',
  Answer: ({ question, answer }) => createElement('dd', null, `${answer} ${question.things}`),
  brief: String,
  Summary: ({ question }) => createElement('span', null, `counts ${question.things}`),
  agreed: (value) => `exactly ${value}`,
};
const tallyEditor: QuestionEditor<Tally, { counted: string[] }> = {
  type: 'tally',
  empty: { counted: [] },
  questions: ({ counted }) => counted.map((things) => ({ type: 'tally', key: things, things, most: 9 })),
  problemAt: (_, index) => ({ field: `rubric.counted.${index}`, problem: 'other' }),
  Editor: () => createElement('p', null, 'What is counted'),
};

/** The product knows types, and this is none of them. */
const apples = { type: 'tally', key: 'apples', things: 'apples', most: 9 } as unknown as Question;
const rubric: Rubric = { questions: [{ type: 'verdict', question: 'Right?' }, apples] };
const said = (count: number, more: object = {}) =>
  ({ verdict: 'pass', tallies: { apples: count }, ...more }) as unknown as Answers;

let database: TestDatabase;
let studio: TestStudio;
let team: ReturnType<typeof reviewsOf>;
let [ann, ben]: Member[] = [];
let queueId: string;
beforeAll(async () => {
  vi.resetModules();
  vi.doMock('../../server/reviews/questions/list', async (original) => {
    const { questionTypes } = await original<typeof Types>();
    return { questionTypes: [...questionTypes, tally] };
  });
  vi.doMock('../../app/reviews/_questions/list', async (original) => {
    const { questionViews, questionEditors } = await original<typeof Views>();
    return {
      questionViews: { ...questionViews, tally: tallyView },
      questionEditors: [...questionEditors, tallyEditor],
    };
  });
  database = await createTestDatabase(inject('adminUrl'));
  studio = await (await import('../support/studio')).createStudio(database.url);
  team = (await import('../support/reviews')).reviewsOf(studio);
  ann = await team.member('reviewer', 'Ann');
  ben = await team.member('reviewer', 'Ben');
  const run = await team.run(await team.benchmark(3));
  queueId = await team.queue(ann, run, { rubric, reviewsPerItem: 2 });
});
afterAll(async () => {
  vi.doUnmock('../../server/reviews/questions/list');
  vi.doUnmock('../../app/reviews/_questions/list');
  vi.resetModules();
  await studio.close();
  await database.drop();
});

const lease = async ({ api }: Member) => (await api.reviews.next({ queueId, count: 1 })).leases[0]!;

test('a queue asks it, answers are held against it, and a dispute about it waits for a decision', async () => {
  expect((await ann!.api.reviews.queue({ id: queueId })).rubric).toEqual(rubric);
  const first = await lease(ann!);
  const refusalOf = (answers: unknown) =>
    team.submit(ann!, first, answers as Answers).then(
      () => null,
      (error: unknown) => error,
    );
  expect(await refusalOf({ verdict: 'pass' })).toMatchObject({
    ...{ cause: { reason: 'ANSWERS_INCOMPLETE' }, message: 'Count the apples.' },
  });
  expect(await refusalOf(said(1, { tallies: { apples: 1, pears: 2 } }))).toMatchObject({
    cause: { reason: 'ANSWERS_UNKNOWN' },
  });
  await ann!.api.reviews.saveDraft({
    ...{ taskId: first.item.taskId, lease: first.lease },
    answers: said(7),
  });
  expect((await lease(ann!)).draft).toMatchObject({ tallies: { apples: 7 } });
  for (const [member, counts] of [
    [ann!, [2, 3, 4]],
    [ben!, [2, 3, 5]],
  ] as const)
    for (let n = 0; n < 3; n++) {
      const next = await lease(member);
      await team.submit(member, next, said(counts[next.item.position]!));
    }
  const { items } = await ann!.api.reviews.tasks({ queueId });
  expect(items.map(({ state }) => state)).toEqual(['done', 'done', 'adjudicate']);
  expect(items[1]!.reviews[0]!.answers).toMatchObject({ verdict: 'pass', tallies: { apples: 3 } });
});

test('agreement is on it, and exports have its answers', async () => {
  const agreement = await ann!.api.reviews.agreement({ queueId });
  expect(agreement[1]).toMatchObject({
    ...{ question: 'tally_apples', label: 'apples', level: 'interval', items: 3, reviews: 6 },
    percent: expect.closeTo(2 / 3, 6) as number,
  });
  const { exportQueue } = await import('../../server/reviews/export');
  const read = async (format: 'csv' | 'jsonl') => {
    let text = '';
    for await (const chunk of (await exportQueue(studio.services, ann!.me, queueId, format)).chunks)
      text += chunk;
    return text.trim().split(/\r?\n/);
  };
  const csv = await read('csv');
  expect(csv[0]).toMatch(/,verdict,tags,comment,tally_apples$/);
  expect(csv.slice(1).map((line) => line.split(',').at(-1))).toEqual(['2', '2', '3', '3', '4', '5']);
  expect(JSON.parse((await read('jsonl'))[0]!)).toMatchObject({
    reviews: [{ answers: { tallies: { apples: 2 } } }, { answers: { tallies: { apples: 2 } } }],
  });
});

/** What a page shows, as its server sends it. */
const markup = (element: ReactNode) =>
  renderToStaticMarkup(
    createElement(NextIntlClientProvider, {
      ...{ locale: 'en', messages: en, timeZone: 'UTC', children: element },
    } as const),
  );

test('a new queue can ask it', async () => {
  const { emptyForm, emptyRubric, problemsOf, toCreate } = await import('../../app/reviews/new/form');
  const { prefillOf } = await import('../../app/reviews/new/prefill');
  const { RubricEditor } = await import('../../app/reviews/new/rubric-editor');
  const fields = { ...emptyRubric, counted: ['apples'] };
  const form = { ...emptyForm(prefillOf({ run: randomUUID() }), fields), name: 'Apples' };
  expect(toCreate(form, '').rubric).toEqual({ questions: [apples] });
  expect(problemsOf(form)).toBeNull();
  const wrong = { ...form, rubric: { ...fields, counted: ['pears', 3] } } as unknown as QueueForm;
  expect(problemsOf(wrong)).toEqual({ 'rubric.counted.1': 'other' });
  function Editors() {
    const methods = useForm<QueueForm>({ defaultValues: form });
    return createElement(FormProvider<QueueForm>, { ...methods, children: createElement(RubricEditor) });
  }
  expect(markup(createElement(Editors))).toContain('What is counted');
});

test('reviewers answer it, by digits too', async () => {
  const { AnswerFields } = await import('../../app/reviews/_questions/answer-fields');
  const onChange = () => undefined;
  const fields = markup(createElement(AnswerFields, { rubric, value: said(6), onChange }));
  expect(fields).toContain('How many apples?');
  expect(fields).toMatch(/<input[^>]*type="number"[^>]*value="6"/);
  const { QuestionField } = await import('../../app/reviews/work/question');
  const field = { question: apples, answers: said(8), current: true, missing: false, disabled: false };
  const work = markup(createElement(QuestionField, { ...field, onCurrent: onChange, onAnswers: onChange }));
  expect(work).toMatch(/<input[^>]*value="8"/);
  const { choose, firstMissing, questionAfter } = await import('../../app/reviews/work/answers');
  const { noAnswers } = await import('../../server/reviews/questions/rubric');
  const passed = choose(noAnswers, rubric.questions[0]!, 1);
  expect(questionAfter(passed, rubric.questions, 0)).toBe(1);
  expect(firstMissing(passed, rubric.questions)).toBe(1);
  const counted = choose(passed, apples, 4);
  expect(counted).toMatchObject({ verdict: 'pass', tallies: { apples: 4 } });
  expect(firstMissing(counted, rubric.questions)).toBe(-1);
});

test('it is read in reviews, and where agreement is told', async () => {
  const { AnswerView } = await import('../../app/reviews/_questions/answer-view');
  expect(markup(createElement(AnswerView, { rubric, answers: said(5) }))).toContain('5 apples');
  const { QuestionCard } = await import('../../app/reviews/[id]/agreement-card');
  const question = (await ann!.api.reviews.agreement({ queueId }))[1]!;
  const told = { ...question, specific: [{ value: 3, share: 0.5 }] };
  expect(markup(createElement(QuestionCard, { question: told, rubric }))).toContain('exactly 3');
});
