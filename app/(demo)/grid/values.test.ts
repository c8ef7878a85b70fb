import { expect, test } from 'vitest';
import type { GridParameter } from '@/server/demo/grids/schema';
import { axisOf, isLines, parseValues, type Ranges } from './values';

const ranges: Ranges = {
  steps: { min: 1, max: 50 },
  guidance: { min: 1, max: 8 },
  seed: { min: 0, max: 2 ** 32 - 1 },
  width: { min: 128, max: 512, multiple: 16 },
  height: { min: 128, max: 512, multiple: 16 },
  languages: ['en', 'zh'],
};
/** Each number twice, so that a seed drawn again is seen. */
const counter = () => {
  let drawn = 0;
  return () => Math.floor(drawn++ / 2);
};
const parse = (parameter: GridParameter, text: string) => parseValues(parameter, text, ranges, counter());

test.each<[GridParameter, string, (string | number)[]]>([
  ['steps', '1, 2, 3', [1, 2, 3]],
  ['steps', '12', [12]],
  ['steps', '4-12 +4', [4, 8, 12]],
  ['steps', '4-12 (+4)', [4, 8, 12]],
  ['steps', '4-11+4', [4, 8]],
  ['steps', '4 to 6', [4, 5, 6]],
  ['steps', '4–6', [4, 5, 6]],
  ['steps', '1-9 [3], 20', [1, 5, 9, 20]],
  ['steps', '2，4、6\n8', [2, 4, 6, 8]],
  ['guidance', '1-2 +0.1', [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2]],
  ['guidance', '1.5, 3', [1.5, 3]],
  ['guidance', '1-2 [3]', [1, 1.5, 2]],
  ['seed', '5 random seeds', [0, 1, 2, 3, 4]],
  ['seed', '3 random', [0, 1, 2]],
  ['seed', 'random 2', [0, 1]],
  ['seed', '3 个随机种子', [0, 1, 2]],
  ['seed', '7, 2 random', [7, 0, 1]],
  ['seed', '4294967295', [2 ** 32 - 1]],
  ['size', '256x256, 384×256, 128', ['256x256', '384x256', '128x128']],
  ['decoder', 'editing, Generation', ['editing', 'generation']],
  ['language', 'en, zh, auto', ['en', 'zh', 'auto']],
  ['prompt', ' a cat, asleep \n\n a dog', ['a cat, asleep', 'a dog']],
  ['replace', 'red, green,  dark blue', ['red', 'green', 'dark blue']],
  ['replace', '红色，绿色、蓝色', ['红色', '绿色', '蓝色']],
  ['replace', '"red, round", "a ""big"" one", x', ['red, round', 'a "big" one', 'x']],
])('%s %j', (parameter, text, values) => {
  expect(parse(parameter, text)).toEqual({ values, problem: null });
});

test.each<[GridParameter, string, string]>([
  ['steps', '', 'empty'],
  ['steps', ' , ', 'empty'],
  ['steps', 'four', 'number'],
  ['steps', '4-', 'number'],
  ['steps', '12-4', 'range'],
  ['steps', '4-12 +0', 'range'],
  ['steps', '0', 'outside'],
  ['steps', '51', 'outside'],
  ['steps', '-5--3', 'outside'],
  ['steps', '1.5', 'whole'],
  ['steps', '4, 4', 'twice'],
  ['steps', '1-3 [9]', 'twice'],
  ['steps', '1-50', 'tooMany'],
  ['steps', '1-9999999999', 'tooMany'],
  ['steps', '1-50 [999]', 'tooMany'],
  ['steps', '1e9', 'number'],
  ['steps', '3 random', 'number'],
  ['seed', '21 random', 'tooMany'],
  ['seed', '-1', 'outside'],
  ['guidance', '9', 'outside'],
  ['size', 'large', 'size'],
  ['size', '100x256', 'outside'],
  ['size', '250x256', 'multiple'],
  ['decoder', 'other', 'choice'],
  ['language', 'de', 'choice'],
  ['prompt', '\n \n', 'empty'],
  ['replace', '"red, green', 'quote'],
  ['replace', '"red" x, green', 'quote'],
])('%s %j is refused: %s', (parameter, text, wrong) => {
  expect(parse(parameter, text)).toMatchObject({ values: null, problem: { wrong } });
});

test('what a problem tells', () => {
  expect(parse('steps', '4, 60').problem).toEqual({
    wrong: 'outside',
    params: { value: 60, min: 1, max: 50 },
  });
  expect(parse('size', '250').problem).toEqual({ wrong: 'multiple', params: { value: 250, multiple: 16 } });
});

test('an axis is its parameter and values', () => {
  expect(axisOf('steps', [1, 2])).toEqual({ parameter: 'steps', values: [1, 2] });
  expect((['prompt', 'negativePrompt', 'replace', 'seed'] as const).map(isLines)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
