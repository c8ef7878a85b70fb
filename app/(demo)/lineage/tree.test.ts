import { expect, test } from 'vitest';
import type { GenerationView } from '@/server/demo/schema';
import { treeLines, treeStep } from './tree';

const node = (id: string, parentId: string | null, time: number) =>
  ({ id, parentId, createdAt: new Date(time) }) as GenerationView;
/** a → (b → (d), c), given in another order. */
const nodes = [node('a', null, 1), node('c', 'a', 3), node('b', 'a', 2), node('d', 'b', 4)];
const ids = (closed: string[] = []) => treeLines(nodes, new Set(closed)).map((line) => line.generation.id);

test('lines stand under their parents, the oldest first', () => {
  expect(ids()).toEqual(['a', 'b', 'd', 'c']);
  expect(treeLines(nodes, new Set()).map(({ level, place, siblings }) => [level, place, siblings])).toEqual([
    [1, 1, 1],
    [2, 1, 2],
    [3, 1, 1],
    [2, 2, 2],
  ]);
  expect(ids(['b'])).toEqual(['a', 'b', 'c']);
  expect(ids(['a'])).toEqual(['a']);
});

test('a result whose parent is not shown stands at the root', () => {
  expect(treeLines([node('x', 'gone', 1)], new Set())).toMatchObject([{ level: 1, parentId: null }]);
});

test.each([
  ['a', 'ArrowDown', { focus: 'b' }],
  ['a', 'ArrowUp', { focus: 'a' }],
  ['c', 'ArrowDown', { focus: 'c' }],
  ['c', 'Home', { focus: 'a' }],
  ['a', 'End', { focus: 'c' }],
  ['b', 'ArrowRight', { focus: 'd' }],
  ['d', 'ArrowRight', null],
  ['d', 'ArrowLeft', { focus: 'b' }],
  ['b', 'ArrowLeft', { fold: 'b' }],
  ['d', 'Tab', null],
])('from %s the key %s leads to %o', (id, key, expected) => {
  expect(treeStep(treeLines(nodes, new Set()), id, key)).toEqual(expected);
});

test('a folded line opens to the right, and at the root nothing is to the left', () => {
  const lines = treeLines(nodes, new Set(['a']));
  expect(treeStep(lines, 'a', 'ArrowRight')).toEqual({ fold: 'a' });
  expect(treeStep(lines, 'a', 'ArrowLeft')).toBeNull();
});
