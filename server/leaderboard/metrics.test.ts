import { expect, test } from 'vitest';
import { benchmarks } from '../../eval/benchmarks';
import { figuresOf, runnable } from './metrics';

test('the benchmarks are those that the project runs, and each has figures', () => {
  const own = Object.values(benchmarks).map(({ name, title, task, synthetic }) => ({
    name,
    title,
    task,
    synthetic,
  }));
  expect(runnable).toEqual(own);
  for (const { name } of own) expect(figuresOf(name)?.main.better).toBe('higher');
  expect(figuresOf('constructor')).toBeNull();
});
