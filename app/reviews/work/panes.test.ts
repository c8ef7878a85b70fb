import { expect, test } from 'vitest';
import { flickedNext, panesOf } from './panes';

const picture = { hash: 'a'.repeat(64), width: 8, height: 8 };
const output = { picture, text: null, model: null };
const source = { ...picture, name: 'source' };
const target = { ...picture, name: 'target' };

test('what was given, what came of it, what was wanted', () => {
  const roles = (...args: Parameters<typeof panesOf>) => panesOf(...args).map(({ role }) => role);
  expect(roles({ pictures: [target, source], outputs: [output] })).toEqual(['source', 'output', 'target']);
  expect(roles({ pictures: [source], outputs: [output, output] })).toEqual(['source', 'left', 'right']);
  const answer = { picture: null, text: 'an apple', model: null };
  expect(roles({ pictures: [{ ...picture, name: 'image 1' }], outputs: [answer] })).toEqual(['question']);
  expect(roles({ pictures: [], outputs: [{ ...output, picture: null }] })).toEqual(['output']);
});

test('flicking begins with the output and goes round; of a pair it stays with the two', () => {
  const edit = panesOf({ pictures: [source], outputs: [output] });
  expect([null, 1, 0].map((shown) => flickedNext(edit, shown))).toEqual([1, 0, 1]);
  const pair = panesOf({ pictures: [source], outputs: [output, output] });
  expect([null, 1, 2].map((shown) => flickedNext(pair, shown))).toEqual([1, 2, 1]);
  expect(flickedNext(panesOf({ pictures: [], outputs: [output] }), null)).toBeNull();
});
