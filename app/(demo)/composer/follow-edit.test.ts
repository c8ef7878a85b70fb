import { beforeEach, expect, test } from 'vitest';
import type { GenerationView } from '@/server/demo/schema';
import { changeDraft, emptyDraft, getDraft } from '../../_request/draft';
import { exchangeSource, followEdit } from './follow-edit';

const source = { hash: 'a'.repeat(64), width: 64, height: 48 };
const picture = { hash: 'b'.repeat(64), width: 64, height: 48 };
const edit = (change: Partial<GenerationView> = {}) =>
  ({ id: 'edit', task: 'edit', state: 'done', source, picture, ...change }) as GenerationView;

beforeEach(() => changeDraft({ ...emptyDraft, task: 'edit', source, expected: 'edit' }));

test('the next instruction goes to the result, and one click goes back and forth', () => {
  followEdit([edit({ state: 'running', picture: null })]);
  expect(getDraft()).toMatchObject({ source, expected: 'edit' });
  followEdit([edit()]);
  expect(getDraft()).toMatchObject({
    source: { ...picture, parentId: 'edit' },
    expected: null,
    other: { source, is: 'source' },
  });
  exchangeSource();
  expect(getDraft()).toMatchObject({ source, other: { source: picture, is: 'result' } });
  exchangeSource();
  expect(getDraft()).toMatchObject({ source: picture, other: { source, is: 'source' } });
  // Told once: an image that is chosen now stays.
  changeDraft({ source });
  followEdit([edit()]);
  expect(getDraft()).toMatchObject({ source, other: null });
});

test.each<[string, () => void, Partial<GenerationView>]>([
  ['another image was chosen', () => changeDraft({ source: { ...source, hash: 'c'.repeat(64) } }), {}],
  ['the image was removed', () => changeDraft({ source: null }), {}],
  ['a question is asked of it', () => changeDraft({ task: 'understand' }), {}],
  ['it failed', () => undefined, { state: 'failed', picture: null }],
])('where %s, the composer is left alone', (_name, change, ended) => {
  change();
  const before = getDraft();
  followEdit([edit(ended)]);
  expect(getDraft()).toEqual({ ...before, expected: null });
});
