import { expect, test } from 'vitest';
import type { Agreement } from '@/server/reviews/schema';
import { conclusionOf } from './conclusion';

const figure = (value: number, interval: [number, number] | null = [value, value]) => ({ value, interval });
const agreement = (given: Partial<Agreement>): Agreement => ({
  ...{ question: 'verdict', label: 'Right?', level: 'nominal', items: 60, reviews: 120, percent: 0.9 },
  ...{ cohen: null, fleiss: null, krippendorff: null, note: null },
  ...given,
});
const all = { cohen: figure(0.85), fleiss: figure(0.7), krippendorff: figure(0.6) };

test('named answers: the first that is defined of Cohen, Fleiss, Krippendorff', () => {
  expect(conclusionOf(agreement(all))).toEqual({
    ...{ word: 'reliable', by: 'cohen', fits: 'two', unsettled: null, others: ['fleiss', 'krippendorff'] },
  });
  expect(conclusionOf(agreement({ ...all, cohen: null }))).toMatchObject({
    ...{ word: 'tentative', by: 'fleiss', fits: 'same', others: ['krippendorff'] },
  });
  expect(conclusionOf(agreement({ krippendorff: figure(0.6) }))).toMatchObject({
    ...{ word: 'unreliable', by: 'krippendorff', fits: 'any', others: [] },
  });
});

test('ordered answers: the one that knows how far they are apart', () => {
  expect(conclusionOf(agreement({ ...all, level: 'ordinal' }))).toMatchObject({
    ...{ word: 'unreliable', by: 'krippendorff', fits: 'ordered', others: ['cohen', 'fleiss'] },
  });
});

test('an interval that reaches into another word leaves it open', () => {
  const wide = agreement({ cohen: figure(0.82, [0.5, 0.95]) });
  expect(conclusionOf(wide)).toMatchObject({ word: 'reliable', unsettled: [0.5, 0.95] });
  const perfect = agreement({ cohen: figure(1, null) });
  expect(conclusionOf(perfect)).toMatchObject({ word: 'reliable', unsettled: null });
});

test('where nearly all answers are one no coefficient is the measure; where none is told there is none', () => {
  expect(conclusionOf(agreement({ ...all, prevalent: { value: 'fail', share: 0.96 } }))).toEqual({
    ...{ word: null, by: null, fits: null, unsettled: null, others: ['cohen', 'fleiss', 'krippendorff'] },
  });
  expect(conclusionOf(agreement({ note: 'selected' }))).toEqual({
    ...{ word: null, by: null, fits: null, unsettled: null, others: [] },
  });
});
