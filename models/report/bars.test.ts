import { describe, expect, it } from 'vitest';
import type { Manifest } from '../runtime';
import { bars } from './bars';
import type { Report } from './card';
import type { CardRun } from './runs';

const manifest = {
  files: { a: { sha256: '', bytes: 17e6 }, b: { sha256: '', bytes: 2e6 } },
} as unknown as Manifest;
const report = (part: Partial<Report>): Report => ({ model: 'm', version: '1', ...part });
const run = (language: string | undefined, means: Record<string, number>): CardRun =>
  ({
    benchmark: { name: 'geneval', title: 'GenEval', synthetic: false },
    settings: { language },
    aggregates: Object.entries(means).map(([group, mean]) => ({
      metric: 'accuracy',
      group,
      n: 4,
      mean,
      interval: null,
    })),
  }) as unknown as CardRun;

describe('the bars of a model card', () => {
  const met = (rows: ReturnType<typeof bars>) => Object.fromEntries(rows.map((row) => [row.what, row.met]));

  it('say what is reached and what is missed', () => {
    const runs = [run(undefined, { '': 0.91, counting: 0.79 }), run('zh', { '': 0.87, counting: 0.8 })];
    const found = met(bars(report({ questions: { en: { all: { right: 97, n: 100 } } } }), manifest, runs));
    expect(found).toEqual({
      'GenEval, English prompts': true,
      'its lowest category, English': false,
      'GenEval, Chinese prompts': false,
      'its lowest category, Chinese': true,
      'GenEval, English less Chinese': false,
      'questions, English': true,
      'largest file, MB': false,
      'all files, MB': true,
    });
  });

  it('leave out what was not measured', () => {
    expect(Object.keys(met(bars(report({}), manifest, [])))).toEqual(['largest file, MB', 'all files, MB']);
  });
});
