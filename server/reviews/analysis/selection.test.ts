import { expect, test } from 'vitest';
import { queueSourceSchema } from '../schema';
import { isSelectedByOutcome } from './selection';

const runId = '00000000-0000-4000-8000-000000000000';
const of = (filter: object, choice: object = { take: 'all' }) =>
  isSelectedByOutcome(queueSourceSchema.parse({ from: 'run', runId, filter, choice }));

test.each([
  [{ verdict: 'wrong' }],
  [{ verdict: 'right' }],
  [{ metric: 'clip_t', max: 0.2 }],
  [{ metric: 'clip_t', min: 0 }],
  [{ reason: 'expected' }],
  [{ state: 'failed' }],
  [{ state: 'unscored', groups: ['colors'] }],
])('%j chooses by how items came out', (filter) => {
  expect(of(filter)).toBe(true);
});

test.each([[{}], [{ groups: ['colors'] }], [{ query: 'apple' }], [{ state: 'scored' }], [{ reason: '' }]])(
  '%j does not',
  (filter) => {
    expect(of(filter)).toBe(false);
    expect(of(filter, { take: 'random', n: 5 })).toBe(false);
  },
);

test('reported results were chosen so; pairs and uploaded pictures were not', () => {
  expect(isSelectedByOutcome({ from: 'flags' })).toBe(true);
  expect(isSelectedByOutcome({ from: 'upload', items: [] })).toBe(false);
  expect(
    isSelectedByOutcome({ from: 'pair', firstRunId: runId, secondRunId: runId, choice: { take: 'all' } }),
  ).toBe(false);
});
