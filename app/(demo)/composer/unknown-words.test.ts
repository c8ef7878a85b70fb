import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ModelInfo } from '@/server/demo/schema';
import { unknownWords } from './unknown-words';

const { words } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../../models/nexus-gen-nano/guide.json'), 'utf8'),
) as { words: NonNullable<ModelInfo['words']> };

test.each<[string, string[]]>([
  ['a photo of two red apples', []],
  ['A photo of a Red Apple.', []],
  ['Eiffel tower', ['Eiffel', 'tower']],
  ['the Eiffel tower, the EIFFEL TOWER', ['Eiffel', 'tower']],
  ['a photo of a dragon and a dog', ['dragon']],
  ['the dog’s umbrella', []],
  ['puppies on benches', []],
  ['an orange-coloured cat', ['orange-coloured']],
  ['a red-colored cat', []],
  ['7 cats', ['7']],
  ['', []],
  ['!!! 🎉', []],
  ['кошка', ['кошка']],
  ['a café', ['café']],
  ['一张两个红色的苹果的照片', []],
  ['埃菲尔铁塔', ['埃菲尔铁塔']],
  ['一只龙和一只狗', ['龙']],
  ['画一只 dragon', ['dragon']],
  ['__proto__ constructor', ['proto', 'constructor']],
])('%s', (prompt, unknown) => expect(unknownWords(prompt, words)).toEqual(unknown));
