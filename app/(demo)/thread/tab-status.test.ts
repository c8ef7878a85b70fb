import { afterEach, expect, test } from 'vitest';
import { iconOf, noteShare, statusOf, titleOf, useShares } from './tab-status';

const job = (id: string, state: 'queued' | 'running' | 'done' | 'cancelled' | 'failed') => ({ id, state });

afterEach(() => ['a', 'b'].forEach((id) => noteShare(id, null)));

test('the percentage is the mean over the jobs that have not ended', () => {
  expect(statusOf([])).toEqual({ active: 0, percent: 0 });
  noteShare('a', 0.5);
  const items = [job('a', 'running'), job('b', 'queued'), job('c', 'done'), job('d', 'failed')];
  expect(statusOf(items)).toEqual({ active: 2, percent: 25 });
  noteShare('b', 1);
  expect(statusOf(items)).toEqual({ active: 2, percent: 75 });
  expect(statusOf([job('a', 'done'), job('b', 'cancelled')])).toEqual({ active: 0, percent: 0 });
});

test('listeners hear what changed, and nothing else', () => {
  let heard = 0;
  const end = useShares.subscribe(() => heard++);
  for (const share of [0.1, 0.1, null, null]) noteShare('a', share);
  end();
  noteShare('a', 0.2);
  expect(heard).toBe(2);
});

test('title and icon tell of running jobs first, then of those that nobody has seen', () => {
  expect(titleOf({ active: 1, percent: 42 }, 3, 'Studio')).toBe('42% · Studio');
  expect(titleOf({ active: 0, percent: 0 }, 3, 'Studio')).toBe('✓ 3 · Studio');
  expect(titleOf({ active: 0, percent: 0 }, 0, 'Studio')).toBe('Studio');
  expect(iconOf({ active: 0, percent: 0 }, 0)).toBeNull();
  const svg = (url: string | null) => decodeURIComponent(url ?? '');
  expect(svg(iconOf({ active: 1, percent: 50 }, 0))).toContain('stroke-dasharray="31.4 99"');
  expect(svg(iconOf({ active: 0, percent: 0 }, 1))).toContain('<path');
});
