import { expect, test } from 'vitest';
import type { Me } from '@/server/accounts/schema';
import type { ReviewView, TaskRow } from '@/server/reviews/schema';
import { noAnswers } from '../../../server/reviews/questions/rubric';
import { exitsOf } from './exits';

const person = (id: string, role: Me['role'] = 'reviewer') => ({ id, name: id, role }) as Me;
const review = (by: string, kind: ReviewView['kind'] = 'review'): ReviewView => ({
  ...{ id: by, taskId: 't', kind, reason: null, replaces: null, spentMs: null, createdAt: new Date(0) },
  ...{ reviewer: { id: by, name: by }, answers: kind === 'review' ? noAnswers : null },
});
const row = (state: TaskRow['state'], ...reviews: ReviewView[]) => ({ state, reviews }) as TaskRow;
const dispute = row('adjudicate', review('ann'), review('ben'));
const open = { state: 'open', mine: false } as const;

test('a dispute of two: they discuss it; a third decides, or an admin, who may be one of them', () => {
  expect(exitsOf(dispute, open, person('ann'))).toEqual({ decide: null, discuss: true, why: 'own' });
  expect(exitsOf(dispute, open, person('cleo'))).toEqual({ decide: 'may', discuss: false, why: null });
  expect(exitsOf(dispute, open, person('ada', 'admin'))).toMatchObject({ decide: 'may', discuss: false });
  expect(exitsOf(dispute, open, person('ann', 'admin'))).toEqual({
    ...{ decide: 'asReviewer', discuss: true, why: null },
  });
  expect(exitsOf(dispute, open, person('vi', 'viewer'))).toMatchObject({ decide: null, why: 'role' });
});

test('a skipped item: whoever leads the queue, unless they reviewed it and are no admin', () => {
  const skipped = row('skipped', review('ben', 'skip'));
  expect(exitsOf(skipped, open, person('ann'))).toMatchObject({ decide: null, why: 'lead' });
  expect(exitsOf(skipped, { ...open, mine: true }, person('ann'))).toMatchObject({ decide: 'may' });
  const half = row('skipped', review('ann'), review('ben', 'skip'));
  expect(exitsOf(half, { ...open, mine: true }, person('ann'))).toMatchObject({
    ...{ decide: null, discuss: false, why: 'own' },
  });
  expect(exitsOf(half, open, person('ann', 'admin'))).toMatchObject({ decide: 'asReviewer' });
});

test('a closed queue is opened first; what waits for nobody has none', () => {
  expect(exitsOf(dispute, { ...open, state: 'closed' }, person('cleo'))).toMatchObject({ why: 'closed' });
  for (const state of ['open', 'done', 'adjudicated'] as const)
    expect(exitsOf(row(state, review('ann')), open, person('ada', 'admin'))).toBeNull();
});
