import { expect, test } from 'vitest';
import type { TaskRow } from '@/server/reviews/schema';
import { noAnswers } from '../../../server/reviews/questions/rubric';
import { asShown, changesSides } from './sides';

const row = (taskId: string, model: string | null): TaskRow => ({
  item: {
    ...{ taskId, position: 0, task: 'generate', group: null, prompt: '', pictures: [], options: [] },
    ...{ answers: [], flag: null },
    outputs: ['first', 'second'].map((text) => ({ picture: null, text, model })),
  },
  ...{ state: 'adjudicate', given: 1, sampleId: null, runId: null, metric: null },
  reviews: [
    {
      ...{ id: 'r', taskId, kind: 'review', reason: null, replaces: null, spentMs: null },
      ...{ createdAt: new Date(0), reviewer: { id: 'a', name: 'Ann' } },
      answers: { ...noAnswers, choice: 'first' },
    },
  ],
});

test('about half of the hidden pairs change sides, with their votes; the others and known ones do not', () => {
  const ids = Array.from({ length: 400 }, () => crypto.randomUUID());
  const changed = ids.filter((id) => changesSides(row(id, null)));
  expect(changed.length).toBeGreaterThan(120);
  expect(changed.length).toBeLessThan(280);
  for (const id of ids) {
    const shown = asShown(row(id, null));
    const swapped = changed.includes(id);
    expect(shown.item.outputs[0]!.text).toBe(swapped ? 'second' : 'first');
    expect(shown.reviews[0]!.answers!.choice).toBe(swapped ? 'second' : 'first');
    expect(asShown(row(id, 'nano'))).toEqual(row(id, 'nano'));
  }
});
