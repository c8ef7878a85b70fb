import { expect, test } from 'vitest';
import type { ReviewView } from '@/server/reviews/schema';
import { decisionOf, hasReviewed, voicesOf } from './reviewer-history';

const people = { ann: 'a', bea: 'b' } as const;
let minute = 0;
const review = (who: keyof typeof people, kind: ReviewView['kind']): ReviewView => ({
  id: `${who} ${++minute}`,
  taskId: 'task',
  reviewer: { id: people[who], name: who },
  kind,
  answers:
    kind === 'review' || kind === 'adjudication'
      ? { scales: {}, tags: [], comment: '', verdict: 'pass' }
      : null,
  reason: null,
  replaces: null,
  spentMs: null,
  createdAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
});

test('the newest word of each reviewer counts, whatever order the record came in', () => {
  const [first, other, changed] = [review('ann', 'review'), review('bea', 'review'), review('ann', 'review')];
  const [ann, bea] = voicesOf([changed, other, first].sort(() => 0));
  expect(ann?.current).toBe(changed);
  expect(ann?.history).toEqual([changed, first]);
  expect(bea?.current).toBe(other);
});

test('a review that was withdrawn, and a skip, are no answer', () => {
  const [ann, bea] = voicesOf([review('ann', 'review'), review('ann', 'withdrawal'), review('bea', 'skip')]);
  expect([ann?.current, bea?.current]).toEqual([null, null]);
  expect(ann?.history).toHaveLength(2);
});

test('adjudications are apart, and the newest one is the decision', () => {
  const [one, two] = [review('bea', 'adjudication'), review('bea', 'adjudication')];
  const reviews = [review('ann', 'review'), one, two];
  expect(decisionOf(reviews)).toBe(two);
  expect(voicesOf(reviews).map(({ reviewer }) => reviewer.name)).toEqual(['ann']);
  expect(hasReviewed({ reviews }, 'a')).toBe(true);
  expect(hasReviewed({ reviews }, 'b')).toBe(false);
  expect(decisionOf([])).toBeNull();
});
