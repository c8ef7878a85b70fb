import { expect, test } from 'vitest';
import { prefillOf } from './prefill';

const run = '0198f4a2-5b1e-7c3d-8a4f-1234567890ab';
const other = '0198f4a2-5b1e-7c3d-8a4f-1234567890ac';
const nothing = { from: 'run', runId: null, firstRunId: null, secondRunId: null, filter: {} };

test.each([
  [{}, nothing],
  [
    { run, verdict: 'wrong' },
    { ...nothing, runId: run, filter: { verdict: 'wrong' } },
  ],
  [
    { run, group: ['colors', 'counting'] },
    { ...nothing, runId: run, filter: { groups: ['colors', 'counting'] } },
  ],
  [
    { run, group: 'colors' },
    { ...nothing, runId: run, filter: { groups: ['colors'] } },
  ],
  [
    { run, metric: 'clip', min: '0.25', max: '0.5' },
    { ...nothing, runId: run, filter: { metric: 'clip', min: 0.25, max: 0.5 } },
  ],
  [
    { first: run, second: other },
    { ...nothing, from: 'pair', firstRunId: run, secondRunId: other },
  ],
  [{ from: 'flags' }, { ...nothing, from: 'flags' }],
])('%j chooses', (query, expected) => {
  expect(prefillOf(query)).toEqual(expected);
});

test.each([
  { run: "' OR 1=1 --", verdict: 'wrong' },
  { run: ['x', run] },
  { from: '<script>' },
  { first: '../../etc' },
])('%j, written by a stranger, chooses no run', (query) => {
  const { runId, firstRunId, from } = prefillOf(query);
  expect([runId, firstRunId, from]).toEqual([null, null, 'run']);
});

test('bounds, groups and verdicts that make no sense are left out', () => {
  const group = Array.from({ length: 101 }, (_, index) => `group ${index}`);
  expect(
    prefillOf({
      run,
      verdict: 'maybe',
      group,
      min: 'NaN',
      max: '1e999',
      metric: 'x'.repeat(51),
      state: 'lost',
    }).filter,
  ).toEqual({});
});
