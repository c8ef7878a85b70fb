import { expect, test } from 'vitest';
import { cellsOf } from './cells';
import { gridSubmitSchema, type Axis } from './schema';

const base = { task: 'generate', prompt: 'a red car and a blue bird', steps: 12, seed: 7 } as const;
const prompts = (x: Axis, y: Axis | null = null) => cellsOf(base, x, y).map(({ input }) => input.prompt);

test('a grid goes row by row, and an axis overrides the base', () => {
  const cells = cellsOf(
    base,
    { parameter: 'steps', values: [4, 8] },
    { parameter: 'size', values: ['256x256', '384x256'] },
  );
  expect(cells.map(({ x, y, input }) => [x, y, input.steps, input.width, input.height, input.seed])).toEqual([
    [0, 0, 4, 256, 256, 7],
    [1, 0, 8, 256, 256, 7],
    [0, 1, 4, 384, 256, 7],
    [1, 1, 8, 384, 256, 7],
  ]);
  expect(cells[3]?.name).toBe('steps 8, size 384x256');
});

test('words of the prompt are replaced, the first value by itself', () => {
  expect(prompts({ parameter: 'replace', values: ['red', 'green'] })).toEqual([
    'a red car and a blue bird',
    'a green car and a blue bird',
  ]);
});

test('what one axis puts in, the other does not replace again', () => {
  const x: Axis = { parameter: 'replace', values: ['red', 'blue'] };
  const y: Axis = { parameter: 'replace', values: ['blue', 'red'] };
  expect(prompts(x, y)).toEqual([
    'a red car and a blue bird',
    'a blue car and a blue bird',
    'a red car and a red bird',
    'a blue car and a red bird',
  ]);
});

test('of two words the longer is found first, and signs are no pattern', () => {
  const from = { ...base, prompt: 'a (red) redwing' };
  const x: Axis = { parameter: 'replace', values: ['(red)', '[green]'] };
  const y: Axis = { parameter: 'replace', values: ['redwing', '$& owl'] };
  expect(cellsOf(from, x, y).at(-1)?.input.prompt).toBe('a [green] $& owl');
});

test('a word that is not in the prompt is named', () => {
  expect(() => prompts({ parameter: 'replace', values: ['green', 'red'] })).toThrow(
    /doesn’t contain “green”/,
  );
});

test('words are replaced in prompts of the other axis', () => {
  const lines: Axis = { parameter: 'prompt', values: ['a red cat', 'two red dogs'] };
  expect(prompts({ parameter: 'replace', values: ['red', 'green'] }, lines)).toEqual([
    'a red cat',
    'a green cat',
    'two red dogs',
    'two green dogs',
  ]);
});

const requestId = '6f2b0c58-1d2e-4b8e-9d3c-0f8f3c9a7b11';
test.each<[string, object]>([
  ['more than twenty cells', { y: { parameter: 'seed', values: [1, 2, 3, 4, 5, 6, 7] } }],
  ['the same parameter twice', { y: { parameter: 'steps', values: [9] } }],
  ['a value twice', { x: { parameter: 'steps', values: [4, 4] } }],
  ['no value', { x: { parameter: 'steps', values: [] } }],
  ['a decoder where nothing is edited', { y: { parameter: 'decoder', values: ['editing'] } }],
  ['a size that is none', { y: { parameter: 'size', values: ['256'] } }],
  ['a question', { base: { task: 'understand', prompt: 'why?' } }],
  ['an unknown parameter', { y: { parameter: 'id', values: ['1'] } }],
  [
    'one word on both sides',
    { x: { parameter: 'replace', values: ['a', 'b'] }, y: { parameter: 'replace', values: ['a', 'c'] } },
  ],
])('refuses %s', (_name, change) => {
  const request = { base, x: { parameter: 'steps', values: [4, 8, 12] }, requestId };
  expect(gridSubmitSchema.safeParse(request).success).toBe(true);
  expect(gridSubmitSchema.safeParse({ ...request, ...change }).success).toBe(false);
});
