import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CLASSES, COLOURS } from './classes';
import { trainingVocabulary } from './vocabulary';

const guide = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../nexus-gen-nano/guide.json'), 'utf8'),
) as { words: { en: string[]; zh: string[] } };

test('nano’s guide has the words of its training, and no others', () => {
  const read = trainingVocabulary(4000);
  expect(read.en.filter((word) => !guide.words.en.includes(word))).toEqual([]);
  expect(read.zh.filter((character) => !guide.words.zh.includes(character))).toEqual([]);
  // The few that 4,000 samples of each kind do not reach are rare plurals.
  expect(read.en.length).toBeGreaterThan(guide.words.en.length * 0.96);
  expect(read.zh.length).toBeGreaterThan(guide.words.zh.length * 0.96);
});

test('all things and colours are among them', () => {
  const names = [...CLASSES.map(({ name }) => name), ...COLOURS.map(({ name }) => name)];
  expect(names.flatMap((name) => name.split(' ')).filter((word) => !guide.words.en.includes(word))).toEqual(
    [],
  );
});
