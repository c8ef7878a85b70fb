import { expect, test } from 'vitest';
import { noAnswers, type Question } from '../../../server/reviews/questions/rubric';
import * as a from './answers';

const anchors = ['awful', 'poor', 'fair', 'good', 'perfect'];
const verdict: Question = { type: 'verdict', question: 'Does it show the prompt?' };
const looks: Question = { type: 'scale', key: 'looks', name: 'Looks', anchors };
const other: Question = { type: 'scale', key: 'tags', name: 'A scale that is called tags', anchors };
const tags: Question = {
  type: 'tags',
  tags: [
    { key: 'hands', label: 'Hands' },
    { key: 'text', label: 'Text' },
  ],
};
const comment: Question = { type: 'comment', need: 'required' };
const optional: Question = { type: 'comment', need: 'optional' };
const questions = [verdict, looks, other, tags, comment];

test('a digit chooses; one beyond the choices does nothing; a tag is taken away again', () => {
  expect(a.choose(noAnswers, verdict, 1).verdict).toBe('pass');
  expect(a.choose(noAnswers, verdict, 2).verdict).toBe('fail');
  expect(a.choose(noAnswers, looks, 4).scales).toEqual({ looks: 4 });
  const tagged = a.choose(a.choose(noAnswers, tags, 2), tags, 1);
  expect(tagged.tags).toEqual(['text', 'hands']);
  expect(a.choose(tagged, tags, 2).tags).toEqual(['hands']);
  for (const [question, n] of [
    [verdict, 3],
    [looks, 6],
    [looks, 0],
    [tags, 3],
    [comment, 1],
  ] as const)
    expect(a.choose(noAnswers, question, n)).toBe(noAnswers);
});

test('after a choice comes the next question that needs one, and no field to type in', () => {
  const one = a.choose(noAnswers, verdict, 1);
  expect(a.questionAfter(one, questions, 0)).toBe(1);
  const scaled = { ...one, scales: { looks: 3 } };
  expect(a.questionAfter(scaled, questions, 0)).toBe(2);
  const whole = { ...one, scales: { looks: 3, tags: 2 } };
  expect(a.questionAfter(whole, questions, 2)).toBe(2);
  expect(a.questionAfter(one, questions, 3)).toBe(3);
});

test('what is missing: verdict and scales always, a comment where it is required, tags never', () => {
  expect(a.firstMissing(noAnswers, questions)).toBe(0);
  const choices = { ...noAnswers, verdict: 'pass' as const, scales: { looks: 5, tags: 1 } };
  expect(a.firstMissing(choices, questions)).toBe(4);
  expect(a.firstMissing({ ...choices, comment: ' \n' }, questions)).toBe(4);
  expect(a.firstMissing({ ...choices, comment: 'so' }, questions)).toBe(-1);
});

test('a single choice is one question that is chosen, and nothing that must be typed', () => {
  expect(a.isSingleChoice([verdict, optional])).toBe(true);
  expect(a.isSingleChoice([verdict, comment])).toBe(false);
  expect(a.isSingleChoice([verdict, tags, optional])).toBe(false);
  expect(a.isSingleChoice([tags])).toBe(false);
});
