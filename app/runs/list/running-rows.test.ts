import { expect, test } from 'vitest';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { withRunning } from './running-rows';

const row = (id: string, state: RunRow['state'], done = 0) => ({ id, state, done }) as RunRow;

test('rows of running runs are those that were heard of last', () => {
  const { rows, stale } = withRunning(
    [row('a', 'running', 1), row('b', 'done', 9)],
    [row('a', 'running', 5)],
  );
  expect(rows.map(({ done }) => done)).toEqual([5, 9]);
  expect(stale).toBe(false);
});

test('a run that runs no more makes the list stale; before the first answer nothing is known', () => {
  expect(withRunning([row('a', 'running')], []).stale).toBe(true);
  expect(withRunning([row('a', 'running')], undefined).stale).toBe(false);
  expect(withRunning([row('a', 'paused')], []).stale).toBe(false);
});
