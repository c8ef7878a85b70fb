import { expect, test } from 'vitest';
import type { Rubric } from '@/server/reviews/schema';
import { isComplete, noAnswers } from './answers';

const anchors = ['1', '2', '3', '4', '5'];
const rubric: Rubric = {
  verdict: { question: 'Right?' },
  scales: [{ key: 'quality', name: 'Quality', anchors }],
  tags: [{ key: 'odd', label: 'Odd' }],
  comment: 'optional',
};

test.each([
  [rubric, noAnswers, false],
  [rubric, { ...noAnswers, verdict: 'pass' as const }, false],
  [rubric, { ...noAnswers, scales: { quality: 3 } }, false],
  [rubric, { ...noAnswers, verdict: 'fail' as const, scales: { quality: 1 } }, true],
  [
    { ...rubric, comment: 'required' as const },
    { ...noAnswers, verdict: 'fail' as const, scales: { quality: 1 }, comment: ' ' },
    false,
  ],
  [
    { ...rubric, comment: 'required' as const },
    { ...noAnswers, verdict: 'fail' as const, scales: { quality: 1 }, comment: 'x' },
    true,
  ],
  [{ ...rubric, verdict: null, scales: [] }, noAnswers, true],
  [null, noAnswers, false],
  [null, { ...noAnswers, vote: 'tie' as const }, true],
])('%#: complete as the rubric asks', (asked, answers, complete) => {
  expect(isComplete(asked, answers)).toBe(complete);
});
