import { expect, test } from 'vitest';
import {
  fitting,
  isComplete,
  isUntouched,
  noAnswers,
  pairRubric,
  questionId,
  rubricSchema,
  type Question,
  type Rubric,
} from './rubric';

const anchors = ['1', '2', '3', '4', '5'];
const verdict: Question = { type: 'verdict', question: 'Right?' };
const scale: Question = { type: 'scale', key: 'quality', name: 'Quality', anchors };
const tags: Question = { type: 'tags', tags: [{ key: 'odd', label: 'Odd' }] };
const optional: Question = { type: 'comment', need: 'optional' };
const rubric: Rubric = { questions: [verdict, scale, tags, optional] };
const strict: Rubric = { questions: [verdict, scale, { type: 'comment', need: 'required' }] };
const whole = { ...noAnswers, verdict: 'fail' as const, scales: { quality: 1 } };

test.each([
  [rubric, noAnswers, false],
  [rubric, { ...noAnswers, verdict: 'pass' as const }, false],
  [rubric, { ...noAnswers, scales: { quality: 3 } }, false],
  [rubric, whole, true],
  [strict, { ...whole, comment: ' ' }, false],
  [strict, { ...whole, comment: 'x' }, true],
  [{ questions: [tags, optional] }, noAnswers, true],
  [pairRubric, noAnswers, false],
  [pairRubric, { ...noAnswers, choice: 'tie' as const }, true],
])('%#: complete as the rubric asks', (asked, answers, complete) => {
  expect(isComplete(answers, asked)).toBe(complete);
});

test('questions have an id of their own, whatever the key of a scale', () => {
  const questions = [verdict, { ...scale, key: 'tags' }, tags, optional];
  expect(questions.map(questionId)).toEqual(['verdict', 'scale-tags', 'tags', 'comment']);
});

test('an old draft loses what the rubric no longer asks', () => {
  const old = {
    ...{ verdict: 'fail' as const, scales: { quality: 2, gone: 3 }, tags: ['odd', 'gone'] },
    ...{ comment: 'words ', choice: 'tie' as const },
  };
  expect(fitting(old, rubric)).toEqual({ ...old, scales: { quality: 2 }, tags: ['odd'], choice: null });
  expect(fitting(old, { questions: [scale] })).toMatchObject({ verdict: null, comment: '' });
  expect(fitting(old, { questions: pairRubric.questions.slice(0, 1) })).toEqual({
    ...noAnswers,
    choice: 'tie',
  });
});

test('untouched is what nobody has said anything in', () => {
  expect(isUntouched(noAnswers)).toBe(true);
  for (const said of [
    { comment: ' ' },
    { verdict: 'pass' },
    { tags: ['odd'] },
    { scales: { quality: 1 } },
  ] as const)
    expect(isUntouched({ ...noAnswers, ...said } as typeof noAnswers)).toBe(false);
});

test('a question of no known type is refused', () => {
  expect(rubricSchema.safeParse({ questions: [{ type: 'riddle' }] }).success).toBe(false);
});
