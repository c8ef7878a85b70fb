import { expect, test } from 'vitest';
import { benchmarks } from '../../eval/benchmarks';
import { mainOfRun, mainOfSample } from '../../eval/benchmarks/metric';
import { figuresOf, runnable } from './metrics';

test('the benchmarks are those that the project runs, and each has figures', () => {
  const own = Object.values(benchmarks).map(({ name, title, task, synthetic }) => ({
    name,
    title,
    task,
    synthetic,
  }));
  expect(runnable).toEqual(own);
  // The figure that a run is known by elsewhere ranks it here.
  for (const { name } of own)
    expect(figuresOf(name)).toMatchObject({
      main: { metric: mainOfRun(name).metric, better: mainOfRun(name).better },
      sample: { metric: mainOfSample(name) },
    });
  expect(figuresOf('constructor')).toBeNull();
});
