import { expect, test } from 'vitest';
import { noAnswers } from '../../../server/reviews/questions/rubric';
import { createDrafts, laterDraft } from './drafts';

function device() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}
const words = (comment: string) => ({ ...noAnswers, comment });

test('a draft is read as it was written, by its owner alone', () => {
  const store = device();
  const mine = createDrafts('me', () => store);
  expect(mine.write('t', words('a'), false)).toBe(true);
  expect(mine.read('t')).toEqual({ answers: words('a'), known: false });
  expect(createDrafts('another', () => store).read('t')).toBeNull();
  mine.remove('t');
  expect(store.kept.size).toBe(0);
});

test('answers that were emptied leave nothing behind once the server knows', () => {
  const store = device();
  const drafts = createDrafts('me', () => store);
  drafts.write('t', noAnswers, false);
  expect(drafts.read('t')).not.toBeNull();
  drafts.write('t', noAnswers, true);
  expect(store.kept.size).toBe(0);
});

test('a draft of the first release is read, where a choice was a vote for a side', () => {
  const store = device();
  store.kept.set(
    'review-draft:me:t',
    '{"answers":{"scales":{},"tags":[],"comment":"","vote":"right"},"known":true}',
  );
  expect(createDrafts('me', () => store).read('t')).toEqual({
    ...{ answers: { ...noAnswers, choice: 'second' }, known: true },
  });
});

test('what is no draft, and a device that keeps nothing, are no harm', () => {
  const store = device();
  const drafts = createDrafts('me', () => store);
  for (const text of ['', '{', '{"answers":{"scales":{"looks":9}}}', 'null']) {
    store.kept.set('review-draft:me:t', text);
    expect(drafts.read('t')).toBeNull();
  }
  const refusing = createDrafts('me', () => {
    throw new DOMException('forbidden', 'SecurityError');
  });
  expect(refusing.read('t')).toBeNull();
  expect(refusing.write('t', words('a'), false)).toBe(false);
  expect(() => refusing.remove('t')).not.toThrow();
});

test('the device’s draft counts until the server has had it', () => {
  const [here, there] = [words('here'), words('there')];
  expect(laterDraft({ answers: here, known: false }, there)).toBe(here);
  expect(laterDraft({ answers: here, known: true }, there)).toBe(there);
  expect(laterDraft({ answers: here, known: true }, null)).toBe(here);
  expect(laterDraft(null, null)).toBeNull();
});
