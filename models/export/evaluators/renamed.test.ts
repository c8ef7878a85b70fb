import { expect, it } from 'vitest';
import type { StoredTensor, Tensors } from '../checkpoint/tensors';
import { refuseOthers, renamed, type Rule } from './renamed';

const stored = (shape: number[], offset = 100): StoredTensor => ({
  ...{ dtype: 'F16', shape, file: '/weights.pth', offset },
  length: shape.reduce((a, b) => a * b, 2),
});
const rules: readonly Rule[] = [
  ['blocks.#.qkv.*', 'layer.#.q.*', 'layer.#.k.*', 'layer.#.v.*'],
  ['norm.*', 'last.*'],
  ['a+b', 'sum'],
];

it('a tensor of three is three parts of its bytes', () => {
  const tensors: Tensors = new Map([
    ['blocks.12.qkv.weight', stored([6, 4])],
    ['blocks.12.qkv.bias', stored([6], 300)],
  ]);
  const { tensors: found, others } = renamed(tensors, rules);
  expect(others).toEqual([]);
  expect([...found].map(([name, { shape, offset, length }]) => [name, shape, offset, length])).toEqual([
    ['layer.12.q.weight', [2, 4], 100, 16],
    ['layer.12.k.weight', [2, 4], 116, 16],
    ['layer.12.v.weight', [2, 4], 132, 16],
    ['layer.12.q.bias', [2], 300, 4],
    ['layer.12.k.bias', [2], 304, 4],
    ['layer.12.v.bias', [2], 308, 4],
  ]);
});

it('says what the file calls a tensor, also one that it has not', () => {
  const { nameInFile } = renamed(new Map(), rules);
  expect(nameInFile('layer.3.k.bias')).toBe('blocks.3.qkv.bias');
  expect(nameInFile('last.weight')).toBe('norm.weight');
  expect(nameInFile('nothing.weight')).toBe('nothing.weight');
});

it('a name is matched as it is, and as a whole', () => {
  const names = ['a+b', 'aab', 'norm.weight.x', 'x.norm.weight', 'normXweight', 'norm.scale'];
  const { tensors, others } = renamed(new Map(names.map((name) => [name, stored([1])])), rules);
  expect([...tensors.keys()]).toEqual(['sum']);
  expect(others).toEqual(names.slice(1));
  expect(() => refuseOthers('/weights.pth', 'CLIP', others)).toThrow(
    '/weights.pth is not CLIP as it is known here: it has aab and 4 other tensors that CLIP has not.',
  );
});

it('rows that are no three parts are refused', () => {
  expect(() => renamed(new Map([['blocks.0.qkv.weight', stored([7, 4])]]), rules)).toThrow(
    'blocks.0.qkv.weight is 7 × 4, which is not 3 parts of the same height',
  );
});
