import { expect, test } from 'vitest';
import type { GenerationState, GenerationView } from '@/server/demo/schema';
import { mergeRefetched, pageSize } from './merge-pages';

const job = (id: string, state: GenerationState = 'done') => ({ id, state }) as GenerationView;
const list = (...items: GenerationView[]) => ({ pages: [{ items, nextCursor: null }], pageParams: [null] });
const ids = (pages: ReturnType<typeof mergeRefetched>) =>
  pages.pages.flatMap((page) => page.items.map((item) => `${item.id} ${item.state}`));

test('what another tab added, ended and deleted is taken over', () => {
  const known = list(job('4', 'running'), job('3'), job('1'));
  const fresh = { items: [job('5', 'queued'), job('4'), job('1')] };
  expect(ids(mergeRefetched(known, fresh, new Set()))).toEqual(['5 queued', '4 done', '1 done']);
});

test('the newest job, deleted elsewhere, goes; one sent from here while the answer was under way stays', () => {
  const fresh = { items: [job('1')] };
  expect(ids(mergeRefetched(list(job('2'), job('1')), fresh, new Set()))).toEqual(['1 done']);
  expect(ids(mergeRefetched(list(job('2', 'queued'), job('1')), fresh, new Set()))).toEqual([
    '2 queued',
    '1 done',
  ]);
});

test('an answer older than an end or a deletion made here changes neither', () => {
  const known = list(job('2', 'cancelled'));
  const fresh = { items: [job('2', 'cancelling'), job('1')] };
  expect(ids(mergeRefetched(known, fresh, new Set(['1'])))).toEqual(['2 cancelled']);
});

test('the list is kept in pages, each with the place where the next begins', () => {
  const items = Array.from({ length: pageSize + 5 }, (_, index) => job(String(900 - index)));
  const { pages, pageParams } = mergeRefetched(list(), { items, nextCursor: '800' }, new Set());
  expect(pages.map((page) => page.items.length)).toEqual([pageSize, 5]);
  expect(pages.map((page) => page.nextCursor)).toEqual([items[pageSize - 1]?.id, '800']);
  expect(pageParams).toEqual([null, items[pageSize - 1]?.id]);
});

test('an empty list stays one empty page', () => {
  expect(mergeRefetched(list(job('1')), { items: [] }, new Set())).toEqual({
    pages: [{ items: [], nextCursor: null }],
    pageParams: [null],
  });
});
