import { expect, test } from 'vitest';
import { labelLimits, labelsSchema, tagsOf } from './labels';

const parse = (given: object) => labelsSchema.parse(given);

test('names are tidied; an empty one is none, and what is not given stays as it is', () => {
  expect(parse({ name: '  first \n\t trial ' })).toEqual({ name: 'first trial' });
  expect(parse({ name: ' \u200b ', note: ' \n ' })).toEqual({ name: null, note: null });
  expect(parse({})).toEqual({});
  expect(parse({ name: '试验一号 🧪' })).toEqual({ name: '试验一号 🧪' });
});

test('limits are in characters, not in halves of them', () => {
  const longest = '🧪'.repeat(labelLimits.name);
  expect(parse({ name: longest }).name).toBe(longest);
  expect(labelsSchema.safeParse({ name: `${longest}x` }).success).toBe(false);
  expect(labelsSchema.safeParse({ note: '字'.repeat(labelLimits.note + 1) }).success).toBe(false);
  expect(labelsSchema.safeParse({ tags: ['x'.repeat(labelLimits.tag + 1)] }).success).toBe(false);
  const many = Array.from({ length: labelLimits.tags + 1 }, (_, i) => `tag ${i}`);
  expect(labelsSchema.safeParse({ tags: many }).success).toBe(false);
});

test('what hides or turns text round is taken out, markup stays text', () => {
  expect(parse({ name: 'a\u202egnp.exe\u0000\u001b[31m' }).name).toBe('agnp.exe[31m');
  expect(parse({ name: '<img src=x onerror=alert(1)>' }).name).toBe('<img src=x onerror=alert(1)>');
  expect(parse({ note: 'one\r\n\r\ntwo\ttabs' }).note).toBe('one\n\ntwo tabs');
  expect(parse({ name: 'half \ud83e' }).name).toBe('half \ufffd');
});

test('tags are parted by commas of any kind, and each is there once', () => {
  expect(tagsOf(['smoke, Smoke,  试验，对照、x', ' ', 'x'])).toEqual(['smoke', '试验', '对照', 'x']);
});
