import { expect, test } from 'vitest';
import type { Rubric } from '@/server/reviews/schema';
import * as a from './answers';

const anchors = ['awful', 'poor', 'fair', 'good', 'perfect'];
const rubric: Rubric = {
  verdict: { question: 'Does it show the prompt?' },
  scales: [
    { key: 'looks', name: 'Looks', anchors },
    { key: 'tags', name: 'A scale that is called tags', anchors },
  ],
  tags: [
    { key: 'hands', label: 'Hands' },
    { key: 'text', label: 'Text' },
  ],
  comment: 'required',
};
const questions = a.questionsOf(rubric);
const [verdict, looks, , tags, comment] = questions as [
  a.Question,
  a.Question,
  a.Question,
  a.Question,
  a.Question,
];

test('questions come in their order, each with an id of its own', () => {
  expect(questions.map(a.questionId)).toEqual(['verdict', 'scale-looks', 'scale-tags', 'tags', 'comment']);
  expect(a.questionsOf({ ...rubric, verdict: null, tags: [], comment: 'none' })).toHaveLength(2);
});

test('a digit chooses; one beyond the choices does nothing; a tag is taken away again', () => {
  expect(a.choose(a.noAnswers, verdict, 1).verdict).toBe('pass');
  expect(a.choose(a.noAnswers, verdict, 2).verdict).toBe('fail');
  expect(a.choose(a.noAnswers, looks, 4).scales).toEqual({ looks: 4 });
  const tagged = a.choose(a.choose(a.noAnswers, tags, 2), tags, 1);
  expect(tagged.tags).toEqual(['text', 'hands']);
  expect(a.choose(tagged, tags, 2).tags).toEqual(['hands']);
  for (const [question, n] of [
    [verdict, 3],
    [looks, 6],
    [looks, 0],
    [tags, 3],
    [comment, 1],
  ] as const)
    expect(a.choose(a.noAnswers, question, n)).toBe(a.noAnswers);
});

test('after a choice comes the next question that needs one, and no field to type in', () => {
  const one = a.choose(a.noAnswers, verdict, 1);
  expect(a.questionAfter(one, questions, 0)).toBe(1);
  const scaled = { ...one, scales: { looks: 3 } };
  expect(a.questionAfter(scaled, questions, 0)).toBe(2);
  const whole = { ...one, scales: { looks: 3, tags: 2 } };
  expect(a.questionAfter(whole, questions, 2)).toBe(2);
  expect(a.questionAfter(one, questions, 3)).toBe(3);
});

test('what is missing: verdict and scales always, a comment where it is required, tags never', () => {
  expect(a.firstMissing(a.noAnswers, questions)).toBe(0);
  const choices = { ...a.noAnswers, verdict: 'pass' as const, scales: { looks: 5, tags: 1 } };
  expect(a.firstMissing(choices, questions)).toBe(4);
  expect(a.firstMissing({ ...choices, comment: ' \n' }, questions)).toBe(4);
  expect(a.firstMissing({ ...choices, comment: 'so' }, questions)).toBe(-1);
});

test('a single choice is one question that is chosen, and nothing that must be typed', () => {
  const only = { ...rubric, scales: [], tags: [], comment: 'optional' } as Rubric;
  expect(a.isSingleChoice(a.questionsOf(only))).toBe(true);
  expect(a.isSingleChoice(a.questionsOf({ ...only, comment: 'required' }))).toBe(false);
  expect(a.isSingleChoice(a.questionsOf({ ...only, tags: rubric.tags }))).toBe(false);
  expect(a.isSingleChoice(a.questionsOf({ ...rubric, verdict: null, scales: [], comment: 'none' }))).toBe(
    false,
  );
});

test('an old draft loses what the rubric no longer asks', () => {
  const old = {
    verdict: 'fail' as const,
    scales: { looks: 2, gone: 3 },
    tags: ['hands', 'gone'],
    comment: 'words',
    vote: 'tie' as const,
  };
  expect(a.fitting(old, rubric)).toEqual({ ...old, scales: { looks: 2 }, tags: ['hands'], vote: null });
  expect(a.fitting(old, { ...rubric, verdict: null, comment: 'none' })).toMatchObject({
    verdict: null,
    comment: '',
  });
  expect(a.fitting(old, null)).toEqual({ ...a.noAnswers, vote: 'tie' });
});

test('untouched is what nobody has said anything in', () => {
  expect(a.isUntouched(a.noAnswers)).toBe(true);
  expect(a.isUntouched({ ...a.noAnswers, comment: ' ' })).toBe(false);
});
