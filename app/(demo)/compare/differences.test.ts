import { expect, test } from 'vitest';
import type { GenerationView } from '@/server/demo/schema';
import { compareSettings, diffWords } from './differences';

const generation = (change: Partial<GenerationView> = {}): GenerationView => ({
  ...{ id: '', task: 'generate', state: 'done', prompt: 'a red apple', language: 'en', source: null },
  parameters: { width: 256, height: 256, steps: 4, guidance: 1, seed: 7 },
  ...{ parentId: null, picture: null, text: null, error: null, errorCode: null, imported: false, grid: null },
  ...{ timings: null, createdAt: new Date(0), finishedAt: null },
  ...change,
});

test('what differs stands apart from what does not', () => {
  const b = generation({ parameters: { width: 256, height: 256, steps: 8, guidance: 1, seed: 7 } });
  const { different, equal } = compareSettings(generation(), b);
  expect(different).toEqual([{ name: 'steps', a: '4', b: '8' }]);
  expect(equal.map((row) => row.name)).toEqual(['task', 'size', 'guidance', 'seed', 'language']);
});

test('a setting that one of them has not is a difference', () => {
  const b = generation({
    task: 'edit',
    parameters: { ...generation().parameters, decoder: 'editing', new: 'x' },
  });
  expect(compareSettings(generation(), b).different).toEqual([
    { name: 'task', a: 'generate', b: 'edit' },
    { name: 'decoder', a: null, b: 'editing' },
    { name: 'new', a: null, b: 'x' },
  ]);
});

test('against an uploaded picture there is nothing to compare', () => {
  const { different } = compareSettings(null, generation());
  expect(different.every((row) => row.a === null && row.b !== null)).toBe(true);
});

const joined = (parts: ReturnType<typeof diffWords>, side: 'a' | 'b') =>
  parts
    .filter((part) => part.only !== (side === 'a' ? 'b' : 'a'))
    .map((part) => part.text)
    .join('');

test.each([
  ['a photo of a red apple', 'a photo of two green apples'],
  ['', 'a cat'],
  ['a cat', ''],
  ['same', 'same'],
  ['一张红色苹果的照片', '一张绿色苹果的照片'],
  ['a\nb  c', 'a b c'],
])('the parts of %j and %j make both again', (a, b) => {
  const parts = diffWords(a, b);
  expect(joined(parts, 'a')).toBe(a);
  expect(joined(parts, 'b')).toBe(b);
});

test('only the word that changed is marked', () => {
  expect(diffWords('a red apple', 'a green apple')).toEqual([
    { text: 'a ', only: null },
    { text: 'red', only: 'a' },
    { text: 'green', only: 'b' },
    { text: ' apple', only: null },
  ]);
  expect(diffWords('一个红色的苹果', '一个绿色的苹果', 'zh').filter((part) => part.only)).toEqual([
    { text: '红色', only: 'a' },
    { text: '绿色', only: 'b' },
  ]);
});

test('texts too long to compare word by word are shown whole', () => {
  const [a, b] = ['x '.repeat(3000), 'y '.repeat(3000)];
  expect(diffWords(a, b)).toEqual([
    { text: a, only: 'a' },
    { text: b, only: 'b' },
  ]);
});
